import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { TestContext } from 'vitest';
import { type Shipment, watchShipments } from '../../../../src/observability/modules/application-insights/shipments.ts';
import { createSpool } from '../../../../src/observability/modules/telemetry-spool/spool.ts';
import { recordedLog } from '../../../platform/recorded-log.ts';

type Ends = Pick<TestContext, 'onTestFinished'>;
type SpoolOptions = Parameters<typeof createSpool>[0];

/** Undefined: never. */
export type Answer = { status: number; headers?: Record<string, string>; body?: object } | undefined;

export const ok = { status: 200 };
export const partly = (...errors: { index: number; statusCode: number; message?: string }[]) => ({
  status: 206,
  body: { itemsReceived: 9, itemsAccepted: 0, errors: errors.map((error) => ({ message: 'no', ...error })) },
});

/** An endpoint that answers as the test says, and what it was sent. Ends with the test. */
export async function startEndpoint(
  { onTestFinished }: Ends,
  answer: (items: number[], nth: number) => Answer = () => ok,
) {
  const received: { items: number[]; at: number; headers: NodeJS.Dict<string | string[]> }[] = [];
  const state = { answer };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const items = readItems(text);
    received.push({ items, at: performance.now(), headers: request.headers });
    const given = state.answer(items, received.length);
    if (given) response.writeHead(given.status, given.headers).end(given.body && JSON.stringify(given.body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2.1/track`;
  return { url, received, state, items: () => received.map(({ items }) => items) };
}

function readItems(text: string): number[] {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

/** What became of batches, as the rest of the service is told. One list for the file: listeners cannot be taken back. */
const shipments: Shipment[] = [];
let keepsShipments = true;
watchShipments((shipment) => keepsShipments && shipments.push(shipment));
export const lostItems = (shipment: Shipment): number[] =>
  (JSON.parse(shipment.body) as number[]).filter((_, index) => shipment.isLost(index));

export function newStateDir({ onTestFinished }: Ends): string {
  const folder = mkdtempSync(join(tmpdir(), 'spool ä '));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A spool that is quick to try again, what it tells, and the exporter's side of it. Ends with the test. */
export function startSpool(
  ends: Ends,
  { tell = true, ...options }: Partial<SpoolOptions> & Pick<SpoolOptions, 'stateDir'> & { tell?: boolean },
) {
  const log = recordedLog();
  const spool = createSpool({ log, clock: { now: () => new Date() }, firstDelayMs: 40, timeoutMs: 1_000, ...options });
  ends.onTestFinished(() => spool.stop());
  spool.start();
  shipments.length = 0;
  keepsShipments = tell;
  return {
    spool,
    lines: () => log.lines.map(({ message }) => message),
    lost: () => shipments.flatMap(lostItems),
    files: () =>
      readdirSync(options.stateDir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json')),
    send: (url: string, items: readonly unknown[], headers: Record<string, string> = {}) =>
      spool.httpClient.sendRequest(
        createPipelineRequest({
          url,
          method: 'POST',
          body: JSON.stringify(items),
          allowInsecureConnection: true,
          headers: createHttpHeaders({ 'content-type': 'application/json', ...headers }),
        }),
      ),
  };
}
