import { repeatEvery } from './repeat-every.ts';

const everyMs = 1_000;
const patienceMs = 2_000;

/** Asks the readiness probe every second until the signal aborts, and answers which statuses it gave; 0 for no answer. */
export async function watchReadiness(url: string, signal: AbortSignal): Promise<ReadonlySet<number>> {
  const seen = new Set<number>();
  await repeatEvery(everyMs, signal, async () => {
    const asked = fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(patienceMs) });
    seen.add(await asked.then(({ status }) => status).catch(() => 0));
  });
  return seen;
}
