import { withDeadline } from './deadline.ts';
import type { HealthCheck, HealthReport, Role } from './health.ts';

export interface HealthMonitor {
  /** Starts the checks. Resolves after the first round, because the readiness is unknown before. */
  start(): Promise<void>;
  stop(): void;
  /** The last results. It runs no check, so that many probes cost nothing. */
  report(): HealthReport;
}

type Outcome = Awaited<ReturnType<HealthCheck['check']>>;

interface Watched {
  check: HealthCheck;
  needed: boolean;
  outcome: Outcome;
  /** True until the check has ended. A check that ignores its signal is not started a second time meanwhile. */
  busy: boolean;
}

/**
 * Runs the checks in the background. A round starts `intervalMs` after the end of the last one. A check that throws or
 * does not answer within `timeoutMs` is not ok. A check is needed only in the roles that it names, or in all roles if
 * it names none.
 */
export function createHealthMonitor({
  checks,
  roles,
  state,
  intervalMs = 10_000,
  timeoutMs = 3_000,
}: {
  checks: readonly HealthCheck[];
  roles: readonly Role[];
  state: () => HealthReport['state'];
  intervalMs?: number;
  timeoutMs?: number;
}): HealthMonitor {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const watched = checks.map(
    (check): Watched => ({
      check,
      needed: check.needed && (check.roles?.some((role) => roles.includes(role)) ?? true),
      outcome: { ok: false, reason: 'not checked yet' },
      busy: false,
    }),
  );

  async function round(): Promise<void> {
    await Promise.all(watched.map((one) => ask(one, timeoutMs, stopping.signal)));
    if (!stopping.signal.aborted) timer = setTimeout(round, intervalMs).unref();
  }

  return {
    start: round,
    stop: () => {
      stopping.abort();
      clearTimeout(timer);
    },
    report: () => ({
      state: state(),
      checks: watched.map(({ check, needed, outcome }) => ({ name: check.name, needed, ...outcome })),
    }),
  };
}

async function ask(one: Watched, timeoutMs: number, stopped: AbortSignal): Promise<void> {
  if (one.busy) return;
  one.busy = true;
  const run = async (late: AbortSignal) => {
    try {
      return await one.check.check(AbortSignal.any([late, stopped]));
    } finally {
      one.busy = false;
    }
  };
  one.outcome = await withDeadline(timeoutMs, run, () => new Error(`no answer within ${timeoutMs} ms`)).catch(
    (error: unknown) => ({ ok: false, reason: error instanceof Error ? error.message : String(error) }),
  );
}
