import type { BackOff } from '../../../platform/back-off.ts';
import type { HealthCheck } from '../../../platform/health.ts';
import { copyQueueOf, type MessageSource } from '../../../platform/messaging.ts';
import type { Contribution, ModuleContext, SectionOf, SetUp } from '../../module.ts';
import { createBreakers } from './breakers.ts';
import { createConsumers } from './consumers.ts';
import { createDecide, type RetryPolicy } from './decide.ts';
import type { manifest } from './manifest.ts';
import { checkTimes } from './message-times.ts';
import { createRetry } from './retry.ts';
import { startWatchdog } from './watchdog.ts';

interface Options {
  policy?: RetryPolicy;
  immediateDelaysMs?: readonly number[];
  probe?: BackOff;
  silentMs?: number;
  heldMs?: (source: MessageSource) => number;
}

type Section = SectionOf<typeof manifest>;

function policyOf({ firstDelaySeconds, capSeconds, giveUpAfterHours, ...counts }: Section): RetryPolicy {
  const times = { firstMs: firstDelaySeconds * 1000, capMs: capSeconds * 1000 };
  return { ...counts, ...times, giveUpAfterMs: giveUpAfterHours * 3_600_000 };
}

/**
 * Retries messages after transient failures, puts them aside while a dependency does not answer, dead-letters the rest,
 * and replaces the client of a consumer that has stalled.
 */
export function createDeadLetters(
  { section, service, settings, clock, log }: ModuleContext<Section>,
  {
    policy = policyOf(section),
    immediateDelaysMs = [100, 500],
    probe = { firstMs: 1_000, factor: 2, capMs: 15_000 },
    silentMs = Math.max(60_000, 2 * settings.handlerTimeoutMs),
    heldMs = ({ lockDurationMs }) => lockDurationMs,
  }: Options = {},
): Contribution {
  const breakers = createBreakers({ log, probe });
  const consumers = createConsumers(breakers, settings.handlerTimeoutMs);
  const withoutCopies = new Set<string>();

  const canCopy = ({ name }: MessageSource) => !withoutCopies.has(name);
  const retry = createRetry({ decide: createDecide(policy, service), canCopy, clock, log, immediateDelaysMs });
  const dependencies: HealthCheck = {
    name: 'dependencies',
    needed: false,
    async check() {
      const open = breakers.open();
      return open.length === 0 ? { ok: true } : { ok: false, reason: `does not answer: ${open.join(', ')}` };
    },
  };

  return {
    receive: [retry, consumers.receive],
    call: [consumers.call],
    healthChecks: [dependencies],
    start({ messaging }) {
      if (!messaging) return;
      startWatchdog({ messaging, ...consumers, log, silentMs, heldMs });
      const received = new Set(messaging.sources.map(({ name }) => name));
      const faults = messaging.sources.flatMap((source) => {
        const copies = copyQueueOf(source);
        if (received.has(copies)) return checkTimes(source, settings);
        withoutCopies.add(source.name);
        const missing = `Failed messages of "${source.name}" are not retried later, because a topic would give the copy to every subscription: add the queue "${copies}" to infra/queues.json.`;
        return [missing, ...checkTimes(source, settings)];
      });
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
    async stop() {
      consumers.stop();
    },
  };
}

export const setUp: SetUp<typeof manifest> = (context) => createDeadLetters(context);
