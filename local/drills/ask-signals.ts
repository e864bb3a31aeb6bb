import { createEngine } from '../kql/index.ts';
import type { Drill } from './drill-definition.ts';
import type { SeenSignal } from './drill-report.ts';

/** Asks what an operator could ask, on the tables that `options` name. Throws when a query cannot be run. */
export async function askSignals(
  { signals }: Pick<Drill, 'signals'>,
  options: Parameters<typeof createEngine>[0],
): Promise<SeenSignal[]> {
  const engine = createEngine(options);
  try {
    const seen: SeenSignal[] = [];
    for (const { question, query } of signals) {
      const { rows } = await engine.run(query);
      const [answer = ''] = Object.values(rows[0] ?? {}).map((value) => String(value ?? ''));
      seen.push({ question, query, answer });
    }
    return seen;
  } finally {
    engine.close();
  }
}
