import { rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { tellShipment } from '../application-insights/shipments.ts';
import { createBatchQueue, type Limits } from './batch-queue.ts';
import { createDiskStore } from './disk-store.ts';
import { createReplay } from './replay.ts';
import { createSpoolClient } from './spool-client.ts';
import { createSpoolReport } from './spool-report.ts';
import { ownFolder, takeOver } from './takeover.ts';

export interface Spool {
  httpClient: HttpClient;
  health(): { ok: boolean; reason?: string };
  /** Takes over what dead processes have left, now and from time to time. */
  start(): void;
  /** Sends nothing of its own any more. What comes after this is tried once, and kept for the next process. */
  stop(): Promise<void>;
}

interface SpoolOptions {
  stateDir: string;
  log: Logger;
  clock: Clock;
  limits?: Partial<Limits>;
  firstDelayMs?: number;
  timeoutMs?: number;
  lookAroundMs?: number;
}

/** Everything that stands between the exporter and the network. */
export function createSpool(options: SpoolOptions): Spool {
  const {
    stateDir,
    log,
    clock,
    limits = {},
    firstDelayMs = 1_000,
    timeoutMs = 10_000,
    lookAroundMs = 20_000,
  } = options;
  const root = resolve(stateDir, 'telemetry-spool');
  const own = ownFolder(root);
  const report = createSpoolReport({ log, clock, waiting: () => queue.size() });

  const queue = createBatchQueue({
    store: createDiskStore(own),
    now: () => clock.now().getTime(),
    limits,
    ...report.ofQueue,
    dropped(body, why) {
      const items = countItems(body);
      report.dropped(items);
      if (items > 0) tellShipment({ body, outcome: 'lost', problem: `given up: ${why}`, isLost: () => true });
    },
  });
  const replay = createReplay({
    queue,
    // Its requests are no calls of this service: no rows of them, and no ids of whoever happens to be active.
    send: (body) => context.with(suppressTracing(ROOT_CONTEXT), () => client.sendKept(body)),
    keepRest: (...rest) => client.keepRest(...rest),
    ...report.ofReplay,
    firstDelayMs,
  });
  const client = createSpoolClient({
    inner: createDefaultHttpClient(),
    queue,
    replay,
    clock,
    timeoutMs,
    refused(body, errors, problem) {
      const places = new Set(errors.map(({ index }) => index));
      tellShipment({ body, outcome: 'partly', problem, isLost: (index) => places.has(index) });
    },
  });
  /** A disk that fails here fails for the batches too, and is reported then. */
  let looksAround = false;
  const lookAround = () => {
    // A disk that hangs holds a thread of four; a second look would hold another, until names are no longer resolved.
    if (looksAround) return;
    looksAround = true;
    void takeOver(root, own, clock.now())
      .then((batches) => {
        queue.adopt(batches);
        if (client.knowsAddress()) replay.wake();
      })
      .catch(() => {})
      .finally(() => {
        looksAround = false;
      });
  };
  let timer: NodeJS.Timeout | undefined;

  return {
    httpClient: client,
    health: report.health,
    start() {
      timer = setInterval(lookAround, lookAroundMs).unref();
      lookAround();
    },
    async stop() {
      clearInterval(timer);
      replay.stop();
      client.abort();
      await queue.close();
      void rmdir(own).catch(() => {});
    },
  };
}

/** A file that a dying machine wrote may hold anything. */
function countItems(body: string): number {
  try {
    const items: unknown = JSON.parse(body);
    return Array.isArray(items) ? items.length : 0;
  } catch {
    return 0;
  }
}
