import { ingestionOutage, type OutageResult } from '../soak/ingestion-outage.ts';
import { toLadderFaults, writeLadderFaults } from '../soak/ladder-faults.ts';
import type { LoadResult } from '../soak/load-result.ts';
import { type RealRuleResult, ruleInRealTime } from '../soak/rule-in-real-time.ts';
import { messagesPerSecond, runScenario } from '../soak/run-scenario.ts';
import { scenarios } from '../soak/scenarios.ts';
import { loadTable, outageSentences, outageTable, ruleSentences } from '../soak/soak-report.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { formatTable } from './table.ts';

const outage = {
  name: 'ingestion-outage',
  what: 'ingestion is down, the service is killed and started again',
  seconds: 600,
};
const rule = {
  name: 'rule',
  what: 'an alert rule in real time decides as it does on the time line of a drill',
  seconds: 720,
};
const all = [...scenarios, outage, rule];

const help = `npm run soak -- [names] [--seconds n] [--json] [--record]

Runs the real service under a load of ${messagesPerSecond} messages a second while something is broken, and says what became of
every message. Without names: everything, which takes more than an hour.

${formatTable(all.map(({ name, what, seconds }) => [name, `${what} (${seconds} s)`]))}
  --seconds   how long the fault lasts, instead of what stands above
  --record    writes what one fault does at several levels to docs/ladder-faults.json
  --json      one line for each scenario and level on standard output

Exit code 1: a promise was broken; the table says which.
`;

const readSeconds = (text: string | undefined): number | undefined => {
  if (text === undefined || /^[1-9]\d{0,4}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--seconds takes a whole number from 1 to 99999, not ${JSON.stringify(text)}.`);
};

await runCommand(
  {
    help,
    allowPositionals: true,
    options: { seconds: { type: 'string' }, json: { type: 'boolean' }, record: { type: 'boolean' } },
  },
  async ({ positionals, values }) => {
    const given = readSeconds(values.seconds);
    const unknown = positionals.filter((wanted) => !all.some(({ name }) => name === wanted));
    if (unknown.length > 0) {
      throw new UsageError(`There is no ${unknown.join(', ')}; choose of ${all.map(({ name }) => name).join(', ')}.`);
    }
    const isWanted = ({ name }: { name: string }) => positionals.length === 0 || positionals.includes(name);
    const told = (line: string) => void process.stderr.write(`${line}\n`);
    const say = (text: string) => void process.stdout.write(text);
    const loads: LoadResult[] = [];
    for (const scenario of scenarios.filter(isWanted)) {
      for (const level of scenario.levels) {
        const seconds = given ?? scenario.seconds;
        told(`${scenario.name} at level ${level}: ${scenario.what}, ${seconds} s`);
        const result = await runScenario(scenario, level, seconds);
        if (values.json) say(`${JSON.stringify(result)}\n`);
        loads.push(result);
      }
    }
    const outages: OutageResult[] = [];
    if (isWanted(outage)) outages.push(await ingestionOutage(given ?? outage.seconds, told));

    const rules: RealRuleResult[] = [];
    if (isWanted(rule)) rules.push(await ruleInRealTime(given ?? rule.seconds, told));

    if (values.json) say([...outages, ...rules].map((result) => `${JSON.stringify(result)}\n`).join(''));
    else {
      if (loads.length > 0) say(formatTable(loadTable(loads)));
      for (const result of outages)
        say(`\n${formatTable(outageTable(result))}\n${outageSentences(result).join('\n')}\n`);
      for (const result of rules) say(`${ruleSentences(result).join('\n')}\n`);
    }
    const measured = await toLadderFaults(loads);
    if (values.record && measured.faults.length > 0) told(`written: ${await writeLadderFaults(measured)}`);
    return [...loads, ...outages, ...rules].some(({ broken }) => broken.length > 0)
      ? exitCodes.finding
      : exitCodes.done;
  },
);
