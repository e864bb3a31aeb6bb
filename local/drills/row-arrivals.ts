import type { ApplicationInsights, Row } from '../application-insights/index.ts';

/** A row with when the ingestion endpoint took it, in milliseconds since 1970. */
export interface ArrivedRow {
  row: Row;
  at: number;
}

const everyMs = 200;

/** Keeps the rows that come in, each with its time: a rule sees a row from then on, not from the time that the row tells. */
export function watchArrivals(insights: Pick<ApplicationInsights, 'rows' | 'counts'>) {
  const arrived: ArrivedRow[] = [];
  const seen = new Map<string, number>();
  const look = () => {
    const at = Date.now();
    for (const [table, { received }] of Object.entries(insights.counts())) {
      const from = seen.get(table) ?? 0;
      if (received === from) continue;
      seen.set(table, received);
      for (const row of insights.rows(table, { from, to: received })) arrived.push({ row, at });
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    /** All that have come, in their order. */
    stop(): readonly ArrivedRow[] {
      clearInterval(timer);
      look();
      return arrived;
    },
  };
}
