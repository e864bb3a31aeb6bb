import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withMarkedPart } from '../generate/marked-part.ts';
import type { GeneratedFiles } from './generate-alert-rules.ts';
import { logRules, metricSeries, monthlyCost, secondRegionCost, sizeOfApps, type Use } from './monthly-cost.ts';
import type { Snapshot } from './predictions.ts';
import { costOf, type PriceFile, readPrices } from './read-prices.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const GUIDE = 'docs/guides/cost.md';
const begin = '<!-- Written by "npm run generate" from infra/prices.json and infra/snapshots. -->';
const end = '<!-- End of what is generated. -->';

const shapes: readonly { topology: string; use: Use }[] = ['single', 'split'].flatMap((topology) =>
  (['idle', 'active'] as const).map((use) => ({ topology, use })),
);

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const money = (amount: number) => amount.toFixed(2);

/** The guide of the checkout with what the scenarios of the ladder cost. */
export const generatePrices = (scenarios: Record<string, Snapshot>): GeneratedFiles => ({
  [GUIDE]: withPrices(readFileSync(join(ROOT, GUIDE), 'utf8'), scenarios, readPrices()),
});

/** The guide with the prices of these scenarios, which are named as the files in `infra/snapshots`. */
export const withPrices = (guide: string, scenarios: Record<string, Snapshot>, file: PriceFile): string =>
  withMarkedPart(guide, begin, end, [
    ...monthTable(scenarios, file),
    '',
    ...assumptions(scenarios, file),
    '',
    ...priceList(file),
  ]);

const at = (scenarios: Record<string, Snapshot>, level: number, topology: string): Snapshot => {
  const snapshot = scenarios[`level-${level}-${topology}`];
  if (!snapshot) throw new Error(`There is no prediction for level ${level} in topology ${topology}.`);
  return snapshot;
};

function monthTable(scenarios: Record<string, Snapshot>, file: PriceFile): string[] {
  const costs = (level: number) =>
    shapes.map(({ topology, use }) => monthlyCost(at(scenarios, level, topology), use, file));
  const [first, fourth, fifth] = [costs(1), costs(4), costs(5)];
  const total = (cost: ReturnType<typeof monthlyCost>) => Object.values(cost).reduce((sum, part) => sum + part, 0);
  const alerts = ({ logRules, metricRules }: ReturnType<typeof monthlyCost>) => logRules + metricRules;
  const line = (what: string, amounts: readonly number[]) => row([what, ...amounts.map(money)]);
  const { telemetryGb, consoleGb, securityGb, archivedGb } = file.assumed;
  return [
    row([`A month, in ${file.currency}`, ...shapes.map(({ topology, use }) => `\`${topology}\`, ${use}`)]),
    row(['---', ...shapes.map(() => '---:')]),
    line(
      'Container apps',
      first.map(({ compute }) => compute),
    ),
    line(
      'Container registry',
      first.map(({ registry }) => registry),
    ),
    line(
      'Service Bus',
      first.map(({ serviceBus }) => serviceBus),
    ),
    line(
      `Telemetry: ${telemetryGb.idle} GB idle, ${telemetryGb.active} GB active`,
      first.map(({ telemetry }) => telemetry),
    ),
    line(
      `Console logs: ${consoleGb.idle} GB idle, ${consoleGb.active} GB active`,
      first.map(({ console }) => console),
    ),
    line(`Alerts of level 1: up to ${rulesOf(at(scenarios, 1, 'split'), file)}`, first.map(alerts)),
    line('**Levels 1 to 3**', first.map(total)),
    line(`Alerts of level 4: up to ${rulesOf(at(scenarios, 4, 'split'), file)}`, fourth.map(alerts)),
    line('**Level 4**', fourth.map(total)),
    line(
      `Security events of level 5: ${securityGb.idle} GB idle, ${securityGb.active} GB active`,
      fifth.map(({ security }) => security),
    ),
    line(
      `Archive of level 5: ${archivedGb.idle} GB a month idle, ${archivedGb.active} GB active, kept for a year`,
      fifth.map(({ archive }) => archive),
    ),
    line('**Level 5**, in one region', fifth.map(total)),
  ];
}

function rulesOf(snapshot: Snapshot, { assumed }: PriceFile): string {
  const rules = logRules(snapshot).length;
  return `${rules === 1 ? '1 log rule' : `${rules} log rules`}, ${metricSeries(snapshot, assumed.entities).all} time series of metric rules`;
}

function assumptions(scenarios: Record<string, Snapshot>, file: PriceFile): string[] {
  const { hours, entities } = file.assumed;
  const { apps, cpu, memory } = sizeOfApps(at(scenarios, 1, 'split'));
  const runs = (places: number, minutes: number) =>
    money(costOf(file, 'availabilityRun', (places * 60 * hours) / minutes));
  const network = money(costOf(file, 'publicAddress', 2 * hours) + costOf(file, 'loadBalancer', hours));
  const { all, learned } = metricSeries(at(scenarios, 4, 'split'), entities + 1);
  const now = metricSeries(at(scenarios, 4, 'split'), entities);
  const perEntity =
    (all - now.all) * file.prices.metricSeries.price + (learned - now.learned) * file.prices.learnedThreshold.price;
  const secondRegion = shapes.map(({ topology, use }) => {
    const added = secondRegionCost(at(scenarios, 5, topology), use, file);
    return `${money(added)} (\`${topology}\`, ${use})`;
  });
  return [
    `* List prices of ${file.region}, collected on ${file.collected}; look up those of your region and contract. A month has ${hours} hours; the free amounts of a subscription are used by this service alone.`,
    `* Each app has ${cpu / apps} vCPU and ${memory / apps} GiB, and one replica runs all month. Idle: no request, less than 0.01 vCPU and 1,000 bytes a second, as Microsoft defines it. Whether open connections to Service Bus and the live metrics let a replica count as idle, we have not seen: without traffic the truth lies between the two columns.`,
    `* ${entities === 1 ? 'One queue' : `${entities} queues`}. Each further queue or subscription of a topic adds ${money(perEntity)} at level 4, once the free time series are used up. A log rule that is split costs about a tenth more for each further series, which is not counted.`,
    '* Levels 2 and 3 add telemetry and nothing else that is billed: workbooks and dashboards are free. So are budgets and mails.',
    '* Sentinel has no free amount; rows of the activity log cost nothing there. Exported rows are larger than the workspace counts them, because each carries the names of its columns.',
    `* Not in the table: the availability test of a public service at level 4 (${runs(3, 15)} for 3 places every 15 minutes, ${runs(5, 5)} for 5 every 5 minutes); more replicas under load; traffic.`,
    // The page goes with the module.
    ...(existsSync(join(ROOT, 'docs/guides/regions.md'))
      ? [
          `* [A second region](regions.md) adds ${secondRegion.join(', ')}: apps, a registry and alert rules once more. A public service has a front then: ${money(costOf(file, 'front', 1))} and its traffic, and a second availability test.`,
        ]
      : []),
    `* [A network of your own](network.md) adds ${network}: two public addresses and a load balancer, which the platform creates for the environment.`,
  ];
}

const priceList = ({ prices, currency }: PriceFile): string[] => [
  row(['Price', currency, 'for each', 'Free a month', 'Source']),
  row(['---', '---:', '---', '---:', '---']),
  ...Object.values(prices).map(({ meter, price, unit, free, source }) =>
    row([meter, String(price), unit, free?.toLocaleString('en') ?? '', source]),
  ),
];
