import rhea from 'rhea';
import type { Directory } from '../directory.ts';
import { BrokerError, conditions, notDone } from '../entity/broker-error.ts';
import type { Disposition } from '../entity/deliveries.ts';
import type { QueuedMessage } from '../entity/message.ts';
import type { FaultRules } from '../fault-rules.ts';
import { settleForClient } from '../link/link-settlement.ts';
import { deadLetterWith } from './disposition.ts';
import { toNumber } from './encoding.ts';
import { uuidText } from './lock-token.ts';
import { readMessage } from './message-reader.ts';
import { writeMessage } from './message-writer.ts';

/** The answer never comes. */
export const SILENCE = Symbol('silence');

interface Call {
  readonly body: Readonly<Record<string, unknown>>;
  readonly address: string;
  readonly directory: Directory;
  readonly faults: FaultRules;
}

/** Answers the body of the reply. Throws `BrokerError`. */
type Operation = (call: Call) => object | undefined | typeof SILENCE;

const LONG = 0x81;
const TIMESTAMP = 0x83;

/** The operations of `<entity>/$management`, by name without their prefix `com.microsoft:`. */
export const managementOperations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['peek-message', peek],
  ['renew-lock', renewLocks],
  ['schedule-message', schedule],
  ['cancel-scheduled-message', cancel],
  ['receive-by-sequence-number', receiveDeferred],
  ['update-disposition', updateDisposition],
]);

function peek({ body, address, directory }: Call): object {
  const from = toNumber(body['from-sequence-number']) ?? 0;
  const messages = directory.source(address).peek(from, toNumber(body['message-count']) ?? 1);
  const withBody = body['omit-message-body'] !== true;
  return { messages: messages.map((message: QueuedMessage) => ({ message: writeMessage(message, { withBody }) })) };
}

function renewLocks({ body, address, directory }: Call): object {
  const queue = directory.source(address);
  return { expirations: rhea.types.wrap_array(lockTokens(body).map(queue.renew), TIMESTAMP, undefined) };
}

function schedule({ body, address, directory, faults }: Call): object | typeof SILENCE {
  const entity = directory.target(address);
  const verdict = faults.send(entity.path);
  if (verdict.kind === 'refuse') throw new BrokerError(verdict.condition, verdict.description);
  if (verdict.kind === 'ignore' && !verdict.carriedOut) return SILENCE;
  const contents = listOf(body.messages).map((entry) => readMessage((entry as { message: Buffer }).message));
  const numbers = entity.accept(contents);
  if (verdict.kind === 'ignore') return SILENCE;
  return { 'sequence-numbers': rhea.types.wrap_array(numbers, LONG, undefined) };
}

function cancel({ body, address, directory }: Call): undefined {
  const numbers = listOf(body['sequence-numbers']).map((number) => toNumber(number) ?? 0);
  directory.target(address).cancel(numbers);
}

/** Nothing can be deferred here, so nothing that was deferred can be found. */
function receiveDeferred({ body, address, directory }: Call): never {
  const { path } = directory.source(address);
  throw new BrokerError(
    conditions.messageNotFound,
    `No deferred message has the sequence number ${listOf(body['sequence-numbers']).map(toNumber).join(', ')} in '${path}'. Deferring messages is not supported by this Service Bus test double.`,
  );
}

function updateDisposition({ body, address, directory, faults }: Call): undefined | typeof SILENCE {
  const queue = directory.source(address);
  const disposition = readDisposition(body);
  let silent = false;
  for (const token of lockTokens(body)) {
    const answer = settleForClient(queue, token, disposition, faults);
    if (answer instanceof BrokerError) throw answer;
    silent ||= answer === 'silence';
  }
  return silent ? SILENCE : undefined;
}

function readDisposition(body: Call['body']): Disposition {
  const properties = (body['properties-to-modify'] ?? {}) as Record<string, unknown>;
  const status = body['disposition-status'];
  if (status === 'completed') return { kind: 'complete' };
  if (status === 'abandoned') return { kind: 'abandon', properties };
  if (status === 'defered') throw notDone('Deferring messages is');
  if (status !== 'suspended') throw new BrokerError(conditions.argument, `There is no disposition status ${status}.`);
  return deadLetterWith({
    ...properties,
    DeadLetterReason: body['deadletter-reason'],
    DeadLetterErrorDescription: body['deadletter-description'],
  });
}

function lockTokens(body: Call['body']): string[] {
  return listOf(body['lock-tokens']).map((token) => uuidText(token as Buffer));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
