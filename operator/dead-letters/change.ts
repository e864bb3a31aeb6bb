import { CommandRefused, exitCodes } from '../command-refused.ts';
import type { CommandTelemetry } from '../command-telemetry.ts';
import { counted, type Terminal } from '../terminal.ts';
import type { Arguments, Change } from './arguments.ts';
import { type Actor, createAudit } from './audit.ts';
import { batchFor, createCarryOut } from './carry-out.ts';
import { type ChangePlan, planChange } from './change-plan.ts';
import type { Selection } from './selection.ts';
import { type TakenCounts, takePlanned } from './take-planned.ts';

interface ChangeOptions {
  change: Change;
  selection: Selection;
  terminal: Terminal;
  given: Pick<Arguments, 'json' | 'yes' | 'max' | 'perSecond'>;
  actor: Actor;
  telemetry: Pick<CommandTelemetry, 'log'>;
  patienceMs: number | undefined;
  signal: AbortSignal | undefined;
}

/**
 * Plans a replay or purge, shows the plan, and carries it out with `--yes`. On a terminal a purge also asks for the
 * number of messages. Returns the exit code: `finding` when a planned message was not replayed or purged.
 */
export async function changeDeadLetters(options: ChangeOptions): Promise<number> {
  const { change, selection, terminal, given, actor } = options;
  const { json, yes, max } = given;
  const plan = await planChange(selection, max, (count) => terminal.count(`${count} found`));
  const { total, byReason } = plan;
  const { leftOut: parked } = selection;
  terminal.count('');
  for (const [reason, count] of byReason) terminal.tell(`${String(count).padStart(7)}  ${reason}`);
  if (parked > 0) terminal.tell(`${String(parked).padStart(7)}  parked: left out without --parked`);

  if (change === 'purge' && yes && total > 0) await confirm(terminal, total);
  const counts = yes ? await carryOutAll(plan, options) : { done: 0, failed: 0, missed: 0 };
  const { done, failed, missed } = counts;

  const result = { dryRun: !yes, matched: total, [change === 'purge' ? 'purged' : 'replayed']: done };
  const { replayId } = actor;
  if (json) await terminal.print(JSON.stringify({ ...result, failed, missed, parked, ...(yes && { replayId }) }));
  else await terminal.print(sentence(counts, total, options));
  return failed + missed > 0 ? exitCodes.finding : exitCodes.done;
}

async function carryOutAll({ queues, total }: ChangePlan, options: ChangeOptions): Promise<TakenCounts> {
  const { change, terminal, given, actor, telemetry, signal, patienceMs } = options;
  const { perSecond } = given;
  const { tell } = terminal;
  const audit = createAudit({ change, actor, terminal, log: telemetry.log });
  const counts = { done: 0, failed: 0, missed: 0 };
  let worked = 0;
  for (const plan of queues) {
    const { queue } = plan;
    const carryOut = createCarryOut({ change, queue, actor, audit, perSecond, tell });
    const taken = await takePlanned({
      ...{ plan, signal, patienceMs, batch: batchFor(queue.source.lockDurationMs, perSecond) },
      async take(message, receiver) {
        const one = await carryOut(message, receiver);
        if (one !== 'again') worked += 1;
        terminal.count(`${Math.floor((worked / total) * 100)} %  ${worked} of ${total}`);
        return one;
      },
      waits: (lockMs) => tell(`Another receiver holds the rest: waiting until its locks end (${lockMs / 1000} s).`),
    });
    for (const key of ['done', 'failed', 'missed'] as const) counts[key] += taken[key];
  }
  terminal.count('');
  return counts;
}

async function confirm(terminal: Terminal, total: number): Promise<void> {
  const answer = await terminal.ask?.(
    `${counted(total, 'message')} will be deleted for good. Type the number to go on: `,
  );
  if (answer !== undefined && answer.trim() !== String(total)) {
    throw new CommandRefused('The number does not match: nothing was deleted.');
  }
}

function sentence(
  { done, failed, missed }: TakenCounts,
  total: number,
  { change, given, actor: { replayId }, signal }: ChangeOptions,
): string {
  const [would, did] = change === 'purge' ? ['deleted for good', 'purged'] : ['replayed', `replayed as ${replayId}`];
  if (total === 0) return 'No dead letter matches: there is nothing to do.';
  if (!given.yes) return `${total} would be ${would}. Nothing was changed: add --yes to do it.`;
  const parts = [`${done} of ${total} ${did}.`];
  if (failed > 0) parts.push(`${failed} failed and stay in the dead-letter queue.`);
  if (missed > 0 && signal?.aborted) parts.push(`${missed} are left: run it again.`);
  else if (missed > 0)
    parts.push(`${missed} were not received: other receivers took or locked them. Run it again later.`);
  return parts.join(' ');
}
