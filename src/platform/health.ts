import type { Role } from '../config/roles.ts';

export type { Role };

/**
 * One question about what the service depends on. `needed` and failing: not ready (503) for these roles;
 * not needed and failing: degraded, still 200. `reason` is shown to operators, never to strangers.
 */
export interface HealthCheck {
  name: string;
  needed: boolean;
  roles?: readonly Role[];
  check(signal: AbortSignal): Promise<{ ok: boolean; reason?: string }>;
}

export interface HealthReport {
  state: 'starting' | 'ready' | 'stopping';
  checks: readonly { name: string; needed: boolean; ok: boolean; reason?: string }[];
}
