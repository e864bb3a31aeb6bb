import type { Terminal } from '../terminal.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Who does something to dead letters, in one run of a command. */
export interface Actor {
  name: string;
  replayId: string | undefined;
}

export type AuditedAction = 'replay' | 'replay-in-place' | 'purge' | 'park';

/** One JSON line on standard error for each message that is touched, written before the message leaves the dead letters. */
export type Audit = (action: AuditedAction, dead: DeadLetter) => void;

export function createAudit(terminal: Pick<Terminal, 'tell'>, { name, replayId }: Actor): Audit {
  return (action, { facts, source }) => {
    const { id, sequence, reason, correlationId } = facts;
    const what = { time: new Date().toISOString(), audit: action, actor: name, source: source.name };
    terminal.tell(JSON.stringify({ ...what, id, sequence, reason, correlationId, ...(replayId && { replayId }) }));
  };
}
