import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, vi } from 'vitest';
import { requests } from './otlp-messages.ts';
import { decode } from './protobuf.ts';

/** A span, a metric or a log record, with attributes as an object, and those of its resource. */
export type Item = Readonly<Record<string, unknown>> & { attributes: Record<string, unknown>; resource: object };
type Path = keyof typeof requests;
type Mode = 'ok' | 'refuse' | 'hang';

export interface OtlpCollector {
  readonly url: string;
  /** Paths and headers of the requests that arrived, also of refused ones. */
  readonly arrived: readonly { path: string; headers: NodeJS.Dict<string | string[]> }[];
  spans(): Item[];
  metrics(): Item[];
  logs(): Item[];
  /** `refuse` answers with 503, `hang` never answers. */
  mode(mode: Mode): void;
  /** Waits until items of a list match. */
  found(list: 'spans' | 'metrics' | 'logs', where: (item: Item) => boolean): Promise<Item[]>;
  stop(): Promise<void>;
}

/** An endpoint in the form of an OpenTelemetry collector (OTLP over http/protobuf) on loopback, which keeps what it gets. */
export async function startOtlpCollector(): Promise<OtlpCollector> {
  const items: Record<Path, Item[]> = { '/v1/traces': [], '/v1/metrics': [], '/v1/logs': [] };
  const arrived: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  let mode: Mode = 'ok';
  const server = createServer(async (request, response) => {
    const path = request.url as Path;
    arrived.push({ path, headers: request.headers });
    const body = await buffer(request);
    if (mode === 'hang') return;
    if (mode === 'refuse' || !(path in requests)) return void response.writeHead(mode === 'ok' ? 404 : 503).end();
    items[path].push(...itemsOf(decode(body, requests[path])));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const lists = {
    spans: () => items['/v1/traces'],
    metrics: () => items['/v1/metrics'],
    logs: () => items['/v1/logs'],
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    ...lists,
    mode(next) {
      mode = next;
    },
    found: (list, where) =>
      vi.waitFor(
        () => {
          const found = lists[list]().filter(where);
          expect(found, list).not.toEqual([]);
          return found;
        },
        { timeout: 15_000, interval: 20 },
      ),
    stop: () => closed(server),
  };
}

type Decoded = Record<string, unknown>;
const listOf = (value: unknown) => (value ?? []) as Decoded[];

const itemsOf = ({ resources }: Decoded): Item[] =>
  listOf(resources).flatMap(({ resource, scopes }) =>
    listOf(scopes).flatMap(({ items }) =>
      listOf(items).map((item) => ({
        ...withObject(item),
        ...(item.points !== undefined && { points: listOf((item.points as Decoded).points).map(withObject) }),
        resource: withObject(resource as Decoded).attributes,
      })),
    ),
  );

/** Attributes are a list of keys and values. */
const withObject = ({ attributes, ...item }: Decoded): Decoded & Pick<Item, 'attributes'> => ({
  ...item,
  attributes: Object.fromEntries(listOf(attributes).map(({ key, value }) => [key, (value as Decoded)?.value])),
});

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
