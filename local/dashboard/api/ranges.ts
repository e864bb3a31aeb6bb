import type { DashboardParts } from '../dashboard-parts.ts';
import { type AskedRange, readRange } from './asked-range.ts';
import { textOf } from './kql-text.ts';

/** Where "all" begins: at the oldest row of what an application sends. */
const oldestRow =
  'union AppRequests, AppDependencies, AppTraces, AppExceptions, AppEvents\n| summarize oldest = min(TimeGenerated)';

/** Reads ranges of addresses, with the clock of the run. */
export const createRanges = ({ kql, now }: Pick<DashboardParts, 'kql' | 'now'>) => ({
  read: (query: URLSearchParams): Promise<AskedRange> =>
    readRange(query, {
      now: now(),
      async oldest() {
        const oldest = Date.parse(textOf((await kql.run(oldestRow)).rows[0]?.oldest));
        return Number.isNaN(oldest) ? undefined : oldest;
      },
    }),
});
