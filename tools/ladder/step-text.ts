import type { LadderStep } from './ladder-step.ts';
import type { PlannedRule } from './planned-rules.ts';
import { groupOf } from './second-region.ts';

interface Section {
  title: string;
  lines: readonly string[];
}

/** A step for people: sections with a heading, as lines at a terminal or as Markdown for a pull request. */
export function stepText(step: LadderStep, form: 'text' | 'markdown'): string {
  const [title, head, bullet] = form === 'markdown' ? ['# ', '## ', '* '] : ['', '', '  '];
  const sections = sectionsOf(step).filter(({ lines }) => lines.length > 0);
  const texts = sections.map(
    ({ title, lines }) => `${head}${title}\n\n${lines.map((line) => `${bullet}${line}`).join('\n')}`,
  );
  return `${[`${title}From level ${step.from} to level ${step.to}`, ...texts].join('\n\n')}\n`;
}

function sectionsOf(step: LadderStep): Section[] {
  const { modules, questions, resources, rules, removal, lines } = step;
  const up = step.from < step.to;
  return [
    { title: up ? 'You can answer afterwards' : 'You can no longer answer', lines: questions },
    { title: up ? 'Modules that come' : 'Modules that go', lines: modules },
    { title: 'Lines of code to read and own', lines: [`${signed(lines)} in src`] },
    { title: 'Signals: bytes for each message, by table', lines: signals(step) },
    { title: 'A month', lines: money(step) },
    { title: 'A second region', lines: regions(step) },
    {
      title: up ? 'Resources that come' : 'Resources that an ordinary deployment leaves behind',
      lines: [...new Set(resources.map(({ label }) => label))],
    },
    {
      title: up ? 'Alert rules that come, and whom they tell' : 'Alert rules that go on until you remove them',
      lines: rules.length === 0 ? [] : [...rules.map(ruleText), queues],
    },
    { title: 'How to remove what stays, after the deployment', lines: removal },
    { title: 'What cannot be undone', lines: up ? lastingUp : lastingDown },
  ];
}

function signals({ cost: { telemetry } }: LadderStep): string[] {
  const { before, after } = telemetry;
  const whole = (bytes = 0) => Math.round(bytes).toLocaleString('en');
  const tables = Object.keys({ ...before.tables, ...after.tables }).toSorted();
  return tables.map((table) => `${table}: ${whole(before.tables[table])} -> ${whole(after.tables[table])}`);
}

function money({ cost: { currency, resources, telemetry } }: LadderStep): string[] {
  const { before, after, messages, measuredOn } = telemetry;
  const prices = `${before.price.toFixed(2)} -> ${after.price.toFixed(2)} ${currency}`;
  return [
    `resources in Azure: ${signed(resources, 2)} ${currency}, by the list prices and assumptions of infra/prices.json`,
    `telemetry of ${messages.toLocaleString('en')} messages: ${before.gb} GB -> ${after.gb} GB, ${prices} beyond the free amount`,
    `measured on ${measuredOn} at 100 % sampling with the mix of "npm run bench -- volume"; metrics, which come with time and not with messages, are not in it; how far that is from _BilledSize is unknown`,
  ];
}

function regions({ secondRegion: second, cost: { currency } }: LadderStep): string[] {
  if (second === undefined) return [];
  const { name, level, comes, goes, resources, price, front } = second;
  const all = `all ${resources} resources of level ${level} once more, ${signed(price, 2)} ${currency} a month`;
  if (name === '') return goes ? [] : [`not in these figures, because deployment.secondRegion is empty: ${all}`];
  const place = `${name}, in the group ${groupOf(second)}`;
  const withFront = `with deployment.public a front beside it: ${signed(front, 2)} ${currency} and its traffic, not counted above`;
  if (goes) return [`${place}: it stays behind whole, and deployment.secondRegion must be "" first; counted above`];
  return [`${place}: ${all}, ${comes ? 'counted above' : 'of which the difference is counted above'}`, withFront];
}

const signed = (amount: number, digits = 0): string => {
  const text = Math.abs(amount).toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${amount < 0 ? '-' : '+'}${text}`;
};

const ruleText = ({ name, title, severity, description, tells }: PlannedRule): string => {
  const told = tells.length === 0 ? 'tells no action group' : `tells ${tells.join(', ')}`;
  const weight = severity === undefined ? 'no severity' : `severity ${severity}`;
  return `${name} (${weight}, ${told}): ${title}. ${description}`;
};

/** The snapshots are those of the tests. */
const queues =
  'what is named after a queue or topic is predicted for those of the tests: yours are in infra/queues.json';

const lastingUp = [
  'Nothing. What Azure cannot change later (queues, network) is the same at every level, and the way back is the level in observability.json.',
];
const lastingDown = [
  'What is in the workspace stays until its retention ends. Alerts that would have fired meanwhile do not fire later.',
];
