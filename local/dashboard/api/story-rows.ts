import type { Row } from '../../application-insights/index.ts';
import { findStory, leadsOf } from '../../cli/trace/find-story.ts';
import type { KqlResult } from '../../kql/index.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import { kqlText } from './kql-text.ts';

const MOST_ROUNDS = 5;
/** Ids that one query looks for: a story of more is cut. */
const MOST_LEADS = 300;

export interface StoryRows {
  rows: Row[];
  /** The last query: what it answers holds all of them. */
  query: string;
}

const everyTable = 'union AppRequests, AppDependencies, AppTraces, AppExceptions, AppEvents';

/** KQL that answers every row that mentions one of these ids, in its operation or its properties. */
const mentioning = (leads: readonly string[]): string =>
  [
    everyTable,
    `| where OperationId in (${leads.map(kqlText).join(', ')}) or ${leads.map((id) => `tostring(Properties) contains_cs ${kqlText(id)}`).join(' or ')}`,
    '| order by TimeGenerated asc',
  ].join('\n');

const wholeOperation = /^[0-9a-f]{32}$/;
const ofOperation = (id: string): string => `${everyTable}\n| where OperationId == ${kqlText(id)}`;
const withLeads = (id: string, rows: readonly Row[]): string[] =>
  [...new Set([id, ...leadsOf(rows)])].slice(0, MOST_LEADS);

/** The rows of what an id names, oldest first, with those that its ids lead to. */
export async function readStory({ run }: Pick<DashboardParts['kql'], 'run'>, id: string): Promise<StoryRows> {
  // An operation's own rows are found at once; looking for ids in all properties of a million rows is not.
  const own = wholeOperation.test(id) ? (await run(ofOperation(id))).rows.map(withoutBlanks) : [];
  let leads = withLeads(id, own);
  let story: Row[] = [];
  let query = mentioning(leads);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    query = mentioning(leads);
    const { rows } = await run(query);
    const before = story.length;
    story = findStory([rows.map(withoutBlanks)], id);
    if (story.length === before) break;
    const found = withLeads(id, story);
    // What these ids lead to was looked for: nothing new can come.
    if (found.length === leads.length) break;
    leads = found;
  }
  return { rows: story, query };
}

/** What a column without a value holds is left out, as in the rows that the endpoint stores. */
function withoutBlanks(row: KqlResult['rows'][number]): Row {
  const entries = Object.entries(row).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(entries) as unknown as Row; // TimeGenerated and Type are never blank
}
