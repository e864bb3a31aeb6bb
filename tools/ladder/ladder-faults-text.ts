import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { levels } from '../../src/observability/levels.ts';

/** A committed measurement: for one fault, what became of the messages at each level. */
export interface LadderFaults {
  measuredOn: string;
  versions: Record<string, string>;
  messagesPerSecond: number;
  faults: LadderFault[];
}

export interface LadderFault {
  name: string;
  what: string;
  seconds: number;
  levels: LadderOutcome[];
}

/** Counts of messages. */
export interface LadderOutcome {
  level: number;
  accepted: number;
  delivered: number;
  deadLettered: number;
  lost: number;
  mostDeliveries: number;
  recoveredAfterSeconds: number | null;
}

const root = join(import.meta.dirname, '../..');

/** The committed measurement. */
export const readLadderFaults = (): LadderFaults =>
  JSON.parse(readFileSync(join(root, 'docs/ladder-faults.json'), 'utf8')) as LadderFaults;

/** The section of `docs/ladder.md` that shows, for the same fault, what each level does better. */
export function ladderFaultsText({ measuredOn, versions, messagesPerSecond, faults }: LadderFaults): string {
  const measured = Object.entries(versions).map((pair) => pair.join(' '));
  return `${[
    '## The same fault, level by level',
    `What became of the messages, under a load of ${messagesPerSecond} messages a second with the real service: \`npm run soak -- ${faults.map(({ name }) => name).join(' ')} --record\`. Counted at the destinations and in the queues, not told by the service.`,
    [
      '| Fault | Level | What it does | Accepted | Delivered | Dead-lettered | Lost | Most deliveries of a message | All at their end after |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      ...faults.flatMap((fault) => fault.levels.map((outcome) => row(fault, outcome))),
    ].join('\n'),
    'The time in the last column begins when the fault ends. A dead letter is not lost: it waits for the operator to replay it. A message whose answer was cut off can be delivered and dead-lettered.',
    `Measured on ${measuredOn}: ${measured.join(', ')}.`,
  ].join('\n\n')}\n`;
}

function row({ what, seconds }: LadderFault, outcome: LadderOutcome): string {
  const { level, accepted, delivered, deadLettered, lost, mostDeliveries, recoveredAfterSeconds } = outcome;
  const cells = [
    `${what}, ${seconds} s`,
    `${level} ${levels[level as keyof typeof levels].name}`,
    whatItDoes(outcome),
    accepted,
    delivered,
    deadLettered,
    lost,
    mostDeliveries,
    recoveredAfterSeconds === null ? 'never' : `${recoveredAfterSeconds.toFixed(1)} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function whatItDoes({ lost, deadLettered }: LadderOutcome): string {
  if (lost > 0) return 'loses messages';
  return deadLettered > 0 ? 'dead-letters' : 'delivers';
}
