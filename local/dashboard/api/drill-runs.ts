import { randomUUID } from 'node:crypto';
import { Refused } from './api-problem.ts';
import { type Commands, linesOf, type StartedCommand } from './command-process.ts';
import type { StartedDrill } from './contract.ts';
import { drilledLevel } from './recorded-drills.ts';

export const drillCommand = 'local/cli/drill.ts';
/** Runs that are remembered. */
const KEPT = 20;

type Run = { -readonly [Key in keyof StartedDrill]: StartedDrill[Key] };

export interface DrillRuns {
  /** Throws `Refused` while another runs: two at once would judge each other's load. */
  start(drill: string, levels: readonly number[]): StartedDrill;
  /** Throws `Refused` where none of that id runs. */
  stop(id: string): StartedDrill;
  /** The newest first. */
  recent(): StartedDrill[];
}

/** Runs `npm run drill` as a process of its own, in its own queue and tables, and keeps what it found. */
export function createDrillRuns({ commands, now }: { commands: Pick<Commands, 'start'>; now: () => Date }): DrillRuns {
  const runs: { run: Run; command: StartedCommand }[] = [];
  const shown = ({ run }: { run: Run }): StartedDrill => {
    const since = run.state === 'running' ? Math.round((now().getTime() - Date.parse(run.startedAt)) / 1_000) : 0;
    return { ...run, seconds: run.seconds + since };
  };
  const follow = async (run: Run, { ended }: StartedCommand): Promise<void> => {
    const took = () => Math.round((now().getTime() - Date.parse(run.startedAt)) / 1_000);
    try {
      const reports = linesOf<unknown>(await ended).map((line) => drilledLevel.parse(line));
      Object.assign(run, { seconds: took(), reports, state: run.state === 'stopped' ? 'stopped' : 'done' });
    } catch (error) {
      const state = run.state === 'stopped' ? 'stopped' : 'failed';
      Object.assign(run, { seconds: took(), state, ...(state === 'failed' && { why: (error as Error).message }) });
    }
  };

  return {
    start(drill, levels) {
      const busy = runs.find(({ run }) => run.state === 'running');
      if (busy) {
        throw new Refused(409, {
          title: 'A drill runs already',
          detail: `${busy.run.drill} has not ended.`,
          remedy: 'Wait for it, or stop it.',
        });
      }
      const args = [drill, '--json', ...(levels.length > 0 ? [`--levels=${levels.join(',')}`] : [])];
      const command = commands.start(drillCommand, args);
      const run: Run = {
        ...{ id: randomUUID(), drill, levels: [...levels], state: 'running' },
        ...{ startedAt: now().toISOString(), seconds: 0, reports: [] },
      };
      runs.unshift({ run, command });
      runs.splice(KEPT);
      void follow(run, command);
      return shown({ run });
    },
    stop(id) {
      const found = runs.find(({ run }) => run.id === id && run.state === 'running');
      if (!found) {
        const remedy = 'Reload the page: it may have ended.';
        throw new Refused(404, { title: 'No such run', detail: `No run ${id} is going on.`, remedy });
      }
      found.run.seconds = shown(found).seconds;
      found.run.state = 'stopped';
      found.command.stop();
      return shown(found);
    },
    recent: () => runs.map(shown),
  };
}
