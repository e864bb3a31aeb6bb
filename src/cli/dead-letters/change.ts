import { progressBar } from '../progress-bar.ts';
import { printable, type Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import type { Arguments } from './arguments.ts';
import type { Selection } from './browse.ts';
import { makePlans, type Plan } from './plan.ts';
import { type Worker, workOff } from './work-off.ts';

interface ChangeOptions {
  selection: Selection;
  terminal: Terminal;
  given: Pick<Arguments, 'action' | 'json' | 'yes' | 'max'>;
  replayId: string | undefined;
  createWorker(plan: Plan): Worker;
  patienceMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * A replay or purge: looks first, says what it would do, and does it with `--yes` (a purge on a terminal also wants the
 * number typed). Answers the exit code: a finding when something that was meant was not done.
 */
export async function change(options: ChangeOptions): Promise<number> {
  const { selection, terminal, given, replayId, createWorker, patienceMs, signal } = options;
  const { action, json, yes, max } = given;
  const purges = action === 'purge';
  const { plans, total, byReason, parked } = await makePlans(selection, max, (count) =>
    terminal.count(`${count} found`),
  );
  terminal.count('');
  for (const [reason, count] of byReason) terminal.tell(`${String(count).padStart(7)}  ${printable(reason)}`);
  if (parked > 0) terminal.tell(`${String(parked).padStart(7)}  parked: left out without --parked`);

  const tally = { done: 0, failed: 0, missed: 0 };
  if (yes && total > 0) {
    if (purges) await confirm(terminal, total);
    let worked = 0;
    for (const plan of plans) {
      const worker = counted(createWorker(plan), () => {
        worked += 1;
        terminal.count(progressBar(worked, total));
      });
      const ended = await workOff({
        bus: selection.bus,
        plan,
        worker,
        signal,
        waits: (lockMs) =>
          terminal.tell(`Somebody holds the rest: waiting until their locks end (${lockMs / 1000} s).`),
        ...(patienceMs !== undefined && { patienceMs }),
      });
      for (const key of ['done', 'failed', 'missed'] as const) tally[key] += ended[key];
    }
    terminal.count('');
  }

  const result = { dryRun: !yes, matched: total, [purges ? 'purged' : 'replayed']: tally.done };
  const rest = { failed: tally.failed, missed: tally.missed, parked, ...(yes && replayId && { replayId }) };
  if (json) await terminal.print(JSON.stringify({ ...result, ...rest }));
  else await terminal.print(sentence({ ...tally, total, yes, purges, replayId, stopped: signal?.aborted === true }));
  return tally.failed + tally.missed > 0 ? exitCodes.finding : exitCodes.done;
}

async function confirm(terminal: Terminal, total: number): Promise<void> {
  const answer = await terminal.ask?.(`${total} messages will be deleted for good. Type the number to go on: `);
  if (answer !== undefined && answer.trim() !== String(total)) {
    throw new UsageError('That is not the number: nothing was deleted.');
  }
}

const counted = (worker: Worker, ended: () => void): Worker => ({
  ...worker,
  async take(message, receiver) {
    const outcome = await worker.take(message, receiver);
    if (outcome !== 'again') ended();
    return outcome;
  },
});

interface Told {
  total: number;
  done: number;
  failed: number;
  missed: number;
  yes: boolean;
  purges: boolean;
  replayId: string | undefined;
  stopped: boolean;
}

function sentence({ total, done, failed, missed, yes, purges, replayId, stopped }: Told): string {
  const [would, did] = purges ? ['deleted for good', 'purged'] : ['replayed', 'replayed'];
  if (total === 0) return 'No dead letter matches: there is nothing to do.';
  if (!yes) return `${total} would be ${would}. Nothing was changed: add --yes to do it.`;
  const parts = [`${done} of ${total} ${did}${replayId === undefined ? '' : ` as ${replayId}`}.`];
  if (failed > 0) parts.push(`${failed} failed and stay where they were.`);
  if (missed > 0 && stopped) parts.push(`${missed} are left: run it again.`);
  else if (missed > 0)
    parts.push(`${missed} were not met: somebody else has taken or locked them. Run it again later.`);
  return parts.join(' ');
}
