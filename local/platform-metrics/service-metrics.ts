import type { MetricStore } from './metric-store.ts';
import { residentBytes } from './resident-bytes.ts';

/** What runs the service tells what becomes of it. */
export interface ServiceWatch {
  started(pid: number | undefined): void;
  /** `byItself`: though nothing asked it to. */
  ended(byItself: boolean): void;
}

/**
 * Measures the service as Container Apps measures an app of one replica: `Replicas`, `WorkingSetBytes` where the system tells
 * it, and `RestartCount`, which counts over the life of the replica, so here how often the service ended by itself.
 */
export function createServiceSampler(store: Pick<MetricStore, 'record'>): ServiceWatch & { sample(): void } {
  let pid: number | undefined;
  let restarts = 0;
  const sample = () => {
    store.record('Replicas', {}, pid === undefined ? 0 : 1);
    store.record('RestartCount', {}, restarts);
    const bytes = pid === undefined ? undefined : residentBytes(pid);
    if (bytes !== undefined) store.record('WorkingSetBytes', {}, bytes);
  };
  return {
    sample,
    started(started) {
      pid = started;
      sample();
    },
    ended(byItself) {
      pid = undefined;
      if (byItself) restarts += 1;
      sample();
    },
  };
}
