import { readdir } from 'node:fs/promises';
import { context as otelContext, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { withDeadline } from '../../../platform/deadline.ts';
import { defineEvents } from '../../events.ts';
import type { Runtime, SetUp } from '../../module.ts';
import { createCanaries } from './canaries.ts';
import type { manifest } from './manifest.ts';

const events = defineEvents('heartbeat', {
  beat: {
    when: 'a replica has started, and every `heartbeat.everySeconds` seconds from then on',
    fields: {
      version: 'string',
      level: 'number',
      state: 'string',
      failing: 'string',
      paused: 'string',
      unread: 'string',
      storedBatches: 'number',
    },
  },
  ended: { when: 'a replica stops as it was told to', fields: { version: 'string', level: 'number' } },
});

const firstMs = 15_000;
const brokerMs = 10_000;

/** Announces that the replica lives, in what state, and whether a worker takes the canaries. */
export const setUp: SetUp<typeof manifest> = ({ section, service: { version }, level, settings, log }) => {
  const everyMs = section.everySeconds * 1_000;
  const timers: NodeJS.Timeout[] = [];

  async function beat({ messaging, health }: Runtime, sendCanaries: () => Promise<string[]>): Promise<void> {
    const late = () => new Error('Service Bus did not answer.');
    // An outage of the broker is in `failing`: its canaries are not missed.
    const unread = await withDeadline(brokerMs, sendCanaries, late).catch((error: unknown) => {
      log.debug('no canary was sent', { error });
      return [];
    });
    const { state, checks } = health();
    const failing = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    const paused = messaging?.sources.filter(messaging.isPaused).map(({ name }) => name) ?? [];
    const names = { failing: failing.join(), paused: paused.join(), unread: unread.join() };
    events.beat({ version, level, state, ...names, storedBatches: await storedBatches(settings.stateDir) });
  }

  return {
    start(runtime) {
      const sendCanaries = runtime.messaging ? createCanaries(runtime.messaging, everyMs) : async () => [];
      // Otherwise each canary and each peek would be a row of AppDependencies.
      const next = () => otelContext.with(suppressTracing(ROOT_CONTEXT), beat, undefined, runtime, sendCanaries);
      // The first one when the health checks have run.
      timers.push(setTimeout(next, Math.min(everyMs, firstMs)).unref(), setInterval(next, everyMs).unref());
    },
    async stop() {
      if (timers.length > 0) events.ended({ version, level });
      for (const timer of timers.splice(0)) clearTimeout(timer);
    },
  };
};

/** Batches that the exporter has stored because they could not be delivered. 0 while there is no folder. */
async function storedBatches(stateDir: string): Promise<number> {
  const files = await readdir(stateDir, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.ai.json')).length;
}
