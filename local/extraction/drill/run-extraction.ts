import type { AlertNotice } from '../../alerts/index.ts';
import { askSignals } from '../../drills/ask-signals.ts';
import { type Drill, isExpectedAt } from '../../drills/drill-definition.ts';
import type { DrillReport, FiredRule } from '../../drills/drill-report.ts';
import type { DrilledCheckout } from '../../drills/drilled-checkout.ts';
import { openSecurityTable } from '../rows/security-table.ts';
import { throughService } from '../service/through-service.ts';
import { beginsAt, endsAt } from '../world/account.ts';
import { configurationOfDrill, drilledCampaign, drilledRequests, drilledSeed } from './drilled-campaign.ts';
import { addLastHour, drilledDays } from './drilled-days.ts';
import { type JudgedDays, judgeDays } from './judge-days.ts';

const hourMs = 3_600_000;
const noMessages = { sent: 0, delivered: 0, waiting: 0, deadLettered: 0, lost: 0, refused: 0 };

export interface ExtractionRun {
  drill: Drill;
  level: number;
  checkout: DrilledCheckout;
  /** Requests of the last hour. */
  requests?: number;
}

/**
 * A drill of fourteen days. The last hour is real: its calls go to the service as requests, and the rows are those that it writes.
 * The days before are laid as the rows that it would have written. The deployed rules are evaluated at the end of each day, first
 * without the attacker.
 */
export async function runExtraction({
  drill,
  level,
  checkout,
  requests = drilledRequests,
}: ExtractionRun): Promise<DrillReport> {
  const startedAt = performance.now();
  const days = drilledDays(drilledSeed, drilledCampaign, requests);
  const config = configurationOfDrill(checkout.root, level);
  const service = await throughService(checkout, config, days.calls);
  const isWatched = service.written.length > 0;
  const table = await openSecurityTable('drill');
  try {
    if (isWatched) {
      addLastHour(
        days.honest,
        service.written.filter(({ fingerprint }) => !days.isAttacker(fingerprint)),
      );
      addLastHour(
        days.attackers,
        service.written.filter(({ fingerprint }) => days.isAttacker(fingerprint)),
      );
      await table.keep(days.honest);
    }
    const calm = await judgeDays(checkout, config, table);
    if (isWatched) await table.change(days.attackers);
    const judged = await judgeDays(checkout, config, table);
    const faultAt = beginsAt + days.beginsAt * hourMs;
    const differs = isWatched && service.different > 0;
    return {
      ...verdictOf({ drill, level, calm, judged, faultAt }),
      broken: differs ? [`${service.different} rows of the service are not those of its aggregator`] : [],
      seen: await askSignals(drill, { tables: table.tables, now: () => new Date(endsAt) }),
      layout: [
        `13 days and 23 hours laid as rows of the aggregator, ${days.calls.length} requests of the last hour sent to the service`,
      ],
      tookSeconds: Math.round((performance.now() - startedAt) / 1_000),
    };
  } finally {
    table.close();
  }
}

function verdictOf({
  drill,
  level,
  calm,
  judged,
  faultAt,
}: {
  drill: Drill;
  level: number;
  calm: JudgedDays;
  judged: JudgedDays;
  faultAt: number;
}) {
  const must = drill.mustFire.filter(isExpectedAt(level)).filter(({ rule }) => judged.deployed.has(rule));
  const fired = firstOfEach(judged.notices).map(
    ({ rule: { rule }, at }): FiredRule => ({
      ...{ rule, afterSeconds: Math.round((at.getTime() - faultAt) / 1_000), of: '' },
      why: must.find((each) => each.rule === rule)?.why,
    }),
  );
  const [first] = fired.toSorted((a, b) => a.afterSeconds - b.afterSeconds);
  return {
    ...{ drill: drill.name, level, question: drill.question, messages: noMessages, fired },
    missed: must.filter(({ rule }) => !fired.some((each) => each.rule === rule)).map(({ rule }) => rule),
    unexpected: [
      ...firstOfEach(calm.notices).map(({ rule: { rule } }) => `${rule} (without the attacker)`),
      ...fired.filter(({ rule }) => !must.some((each) => each.rule === rule)).map(({ rule }) => rule),
    ],
    firstToKnow: first && { who: `the operators, by ${first.rule}`, afterSeconds: first.afterSeconds },
    recoveredAfterSeconds: undefined,
  };
}

const firstOfEach = (notices: readonly AlertNotice[]): AlertNotice[] =>
  [...new Map(notices.toReversed().map((notice) => [notice.rule.rule, notice])).values()].toReversed();
