import type { Row, Workspace } from '../../application-insights/index.ts';
import { findStory, leadsOf } from './find-story.ts';

const storyTables = ['AppRequests', 'AppDependencies', 'AppTraces', 'AppExceptions', 'AppEvents'] as const;
const mostRounds = 5;
/** One search looks for so many ids at most: a story of more is cut. */
const mostLeads = 500;

/** The rows of what `id` names, as `findStory` understands it, out of tables that may be too large to be read whole. */
export async function storedStory(workspace: Pick<Workspace, 'rows'>, id: string): Promise<Row[]> {
  let leads = [id];
  let story: Row[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const candidates: Row[] = [];
    for (const table of storyTables) {
      for await (const rows of workspace.rows(table, { mentions: leads })) candidates.push(...rows);
    }
    const before = story.length;
    story = findStory([candidates], id);
    if (story.length === before) break;
    leads = [...new Set([id, ...leadsOf(story)])].slice(0, mostLeads);
  }
  return story;
}
