import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { levels as ladder } from '../../../src/observability/levels.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import type { Commands } from './command-process.ts';
import type { DrillAnswer, DrillList } from './contract.ts';
import { type DrillRuns, drillCommand } from './drill-runs.ts';
import { readBodyAs } from './read-body.ts';
import { recordedDrills } from './recorded-drills.ts';

const everyLevel = Object.keys(ladder).map(Number);
const drillBody = z.strictObject({ levels: z.array(z.int().refine((level) => everyLevel.includes(level))).optional() });
const unavailable = `${drillCommand}, which runs drills, is not in this checkout.`;

type Known = Pick<DrillAnswer, 'name' | 'question' | 'levels'>;

/** What happens when something fails: what drills have found, and a run of one. */
export function drillRoutes(root: string, commands: Pick<Commands, 'start'>, runs: DrillRuns): ApiRoutes {
  const isThere = () => existsSync(join(root, drillCommand));
  // The command reads the drills' own files, which takes a second.
  let listed: Promise<Known[]> | undefined;
  const known = async (): Promise<Known[]> => {
    if (isThere()) {
      listed ??= readList(commands);
      listed.catch(() => (listed = undefined));
      return listed;
    }
    const { failures } = recordedDrills(root);
    return [...Map.groupBy(failures, ({ drill }) => drill)].map(([name, own]) => ({
      name,
      question: own[0]?.question ?? '',
      levels: own.map(({ level }) => level),
    }));
  };
  const find = async (name: string): Promise<Known> => {
    const all = await known();
    const found = all.find((each) => each.name === name);
    if (found) return found;
    const remedy = `Choose one of ${all.map((each) => each.name).join(', ') || 'none: no drill is in this checkout'}.`;
    throw new Refused(404, { title: `No drill ${name}`, detail: `There is no drill "${name}".`, remedy });
  };

  return {
    'GET drills': async () => {
      const { failures, ...when } = recordedDrills(root);
      const drills = (await known()).map((each) => ({
        ...each,
        recorded: failures.filter(({ drill }) => drill === each.name),
      }));
      const data: DrillList = { drills, ...when, ...(!isThere() && { unavailable }), runs: runs.recent() };
      return { data };
    },
    'GET drills/:name': async ({ params: { name = '' } }) => {
      const { failures, ...when } = recordedDrills(root);
      const data: DrillAnswer = {
        ...(await find(name)),
        recorded: failures.filter(({ drill }) => drill === name),
        ...when,
        runs: runs.recent().filter(({ drill }) => drill === name),
      };
      return { data };
    },
    'POST drills/:name/runs': async ({ params: { name = '' }, body }) => {
      const { levels = [] } = readBodyAs(drillBody, body);
      if (!isThere()) {
        const remedy = 'Bring it back from the history of git.';
        throw new Refused(501, { title: 'The command was deleted', detail: unavailable, remedy });
      }
      await find(name);
      return { status: 202, data: runs.start(name, levels) };
    },
    'DELETE drill-runs/:id': ({ params: { id = '' } }) => ({ data: runs.stop(id) }),
  };
}

/** The lines of `npm run drill -- list`: name, levels, question. Throws when the command fails. */
async function readList(commands: Pick<Commands, 'start'>): Promise<Known[]> {
  const { code, output, told } = await commands.start(drillCommand, ['list']).ended;
  if (code !== 0) throw new Error(`npm run drill -- list failed: ${told}`);
  return output.split('\n').flatMap((line) => {
    const [, name = '', levels = '', question = ''] =
      /^\s*(\S+)\s{2,}levels ([\d, ]+?)\s{2,}(.+?)\s*$/.exec(line) ?? [];
    return name === '' ? [] : [{ name, question, levels: levels.split(',').map(Number) }];
  });
}
