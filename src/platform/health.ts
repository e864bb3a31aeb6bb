import type { Role } from '../config/settings.ts';

export type { Role };

/**
 * Checks one thing that the service depends on. While a needed check fails, a process with one of `roles` is not ready
 * (503). While another check fails, the process is degraded and still answers 200. `reason` is shown only to callers
 * that may see details.
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
