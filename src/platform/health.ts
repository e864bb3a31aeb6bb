import type { Role } from '../config/settings.ts';
import { withDeadline } from './deadline.ts';

export type { Role };

/**
 * Checks one thing that the service depends on. While a needed check fails, a process with one of `roles` is not ready
 * (503). While another check fails, the process is degraded and still answers 200. `reason` and `facts` are shown only to
 * callers that may see details.
 */
export interface HealthCheck {
  name: string;
  needed: boolean;
  /** The roles that need it; all roles if it is absent. */
  roles?: readonly Role[];
  /** Names of needed checks: while this one is ok, they only degrade. */
  spares?: readonly string[];
  check(signal: AbortSignal): Promise<HealthOutcome>;
}

export interface HealthOutcome {
  ok: boolean;
  reason?: string;
  /** Figures for people, also while all is well. */
  facts?: Readonly<Record<string, unknown>>;
}

export interface HealthReport {
  state: 'starting' | 'ready' | 'stopping';
  checks: readonly (HealthOutcome & { name: string; needed: boolean })[];
}

interface MonitorOptions {
  checks: readonly HealthCheck[];
  /** The roles of this process. */
  roles: readonly Role[];
  state: () => HealthReport['state'];
  intervalMs?: number;
  timeoutMs?: number;
}

/**
 * Runs the checks in the background. A round starts `intervalMs` after the end of the last one. A check that throws or
 * does not answer within `timeoutMs` is not ok. `report` returns the last results and runs no check, so that many probes
 * cost nothing.
 */
export function createHealthMonitor({ checks, roles, state, intervalMs = 10_000, timeoutMs = 3_000 }: MonitorOptions) {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const watched = checks.map((check) => ({
    name: check.name,
    check,
    needed: check.needed && (check.roles ?? roles).some((role) => roles.includes(role)),
    outcome: { ok: false, reason: 'not checked yet' } as HealthOutcome,
    busy: false,
  }));

  async function ask(one: (typeof watched)[number]): Promise<void> {
    // A check that ignores its signal is not started a second time before it has ended.
    if (one.busy) return;
    one.busy = true;
    const run = async (late: AbortSignal) => {
      try {
        return await one.check.check(AbortSignal.any([late, stopping.signal]));
      } finally {
        one.busy = false;
      }
    };
    const late = () => new Error(`no answer within ${timeoutMs} ms`);
    one.outcome = await withDeadline(timeoutMs, run, late).catch((error: unknown) => ({
      ok: false,
      reason: error instanceof Error ? error.message : String(error),
    }));
  }

  /** Resolves after the first round, because the readiness is unknown before. */
  async function start(): Promise<void> {
    await Promise.all(watched.map(ask));
    if (!stopping.signal.aborted) timer = setTimeout(start, intervalMs).unref();
  }

  return {
    start,
    stop(): void {
      stopping.abort();
      clearTimeout(timer);
    },
    report(): HealthReport {
      const spared = watched.flatMap(({ check, outcome }) => (outcome.ok && check.spares) || []);
      const isNeeded = (one: (typeof watched)[number]) => one.needed && !spared.includes(one.name);
      const checks = watched.map((one) => ({ name: one.name, needed: isNeeded(one), ...one.outcome }));
      return { state: state(), checks };
    },
  };
}
