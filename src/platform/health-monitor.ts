import type { HealthCheck, HealthReport, Role } from './health.ts';

export interface HealthMonitor {
  /** Resolves after the first round: before that nobody knows whether the service may be called ready. */
  start(): Promise<void>;
  stop(): void;
  /** What is known now; asks nobody, so a flood of probes costs nothing. */
  report(): HealthReport;
}

type Outcome = Awaited<ReturnType<HealthCheck['check']>>;

interface Watched {
  check: HealthCheck;
  needed: boolean;
  outcome: Outcome;
  /** Set until the check is over. One that ignores its signal is not started again beside itself. */
  running: AbortController | undefined;
}

/**
 * Runs the checks in the background, every `intervalMs` after the last round ended. A check that throws or does not
 * answer within `timeoutMs` is not ok. A check is needed only in the roles that it names (all, if it names none).
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
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const watched = checks.map(
    (check): Watched => ({
      check,
      needed: check.needed && (check.roles?.some((role) => roles.includes(role)) ?? true),
      outcome: { ok: false, reason: 'not checked yet' },
      running: undefined,
    }),
  );

  async function round(): Promise<void> {
    await Promise.all(watched.map((one) => ask(one, timeoutMs)));
    if (!stopped) timer = setTimeout(round, intervalMs).unref();
  }

  return {
    start: round,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      for (const { running } of watched) running?.abort();
    },
    report: () => ({
      state: state(),
      checks: watched.map(({ check, needed, outcome }) => ({ name: check.name, needed, ...outcome })),
    }),
  };
}

/** Whether the service should get requests: it is up, and what it cannot work without in its roles answers. */
export function isReady({ state, checks }: HealthReport): boolean {
  return state === 'ready' && !checks.some(({ needed, ok }) => needed && !ok);
}

async function ask(one: Watched, timeoutMs: number): Promise<void> {
  if (one.running !== undefined) return;
  const running = new AbortController();
  one.running = running;
  const answered = run(one.check, running.signal).finally(() => {
    one.running = undefined;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => {
      running.abort();
      resolve({ ok: false, reason: `no answer within ${timeoutMs} ms` });
    }, timeoutMs);
  });
  one.outcome = await Promise.race([answered, late]);
  clearTimeout(timer);
}

async function run(check: HealthCheck, signal: AbortSignal): Promise<Outcome> {
  try {
    return await check.check(signal);
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
