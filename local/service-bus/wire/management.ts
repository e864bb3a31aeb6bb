import rhea from 'rhea';
import type { Directory } from '../directory.ts';
import { BrokerError, conditions, notDone } from '../entity/broker-error.ts';
import type { FaultRules } from '../fault-rules.ts';
import { managementOperations, SILENCE } from './management-operations.ts';
import type { Answer, Request } from './request-link.ts';

/** HTTP-like status of an error condition, as Azure pairs them; the SDK goes by the condition. */
const STATUS: Readonly<Record<string, number>> = {
  [conditions.lockLost]: 410,
  [conditions.messageNotFound]: 404,
  [conditions.notFound]: 404,
  [conditions.notImplemented]: 501,
  [conditions.serverBusy]: 503,
  [conditions.tooLarge]: 403,
};

const PREFIX = 'com.microsoft:';
/** Operations of Azure that are left to a later day, by the feature they belong to. */
const NOT_DONE: Readonly<Record<string, string>> = {
  'renew-session-lock': 'Sessions are',
  'get-session-state': 'Sessions are',
  'set-session-state': 'Sessions are',
  'get-message-sessions': 'Sessions are',
  'add-rule': 'Rules and filters are',
  'remove-rule': 'Rules and filters are',
  'enumerate-rules': 'Rules and filters are',
};

export interface ManagementOptions {
  /** The entity of `<entity>/$management`. */
  address: string;
  directory: Directory;
  faults: FaultRules;
}

/** Answers the requests to one entity's `$management`. */
export function createManagement({ address, directory, faults }: ManagementOptions): (request: Request) => Answer {
  const run = ({ operation, body }: Request): Answer => {
    const verdict = faults.management(address);
    if (verdict.kind === 'refuse') throw new BrokerError(verdict.condition, verdict.description);
    const name = operation.startsWith(PREFIX) ? operation.slice(PREFIX.length) : operation;
    const handle = managementOperations.get(name);
    if (!handle) throw notDone(NOT_DONE[name] ?? `The operation '${operation}' is`);
    const result = handle({ body: isRecord(body) ? body : {}, address, directory, faults });
    if (result === SILENCE) return undefined;
    return result === undefined ? answer(200, 'OK', {}) : answer(200, 'OK', result);
  };

  return (request) => {
    try {
      return run(request);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      return refusal(error);
    }
  };
}

function answer(status: number, description: string, body: object): Answer {
  // Asked for messages and there are none: Azure answers 204 without a body.
  const empty = 'messages' in body && Array.isArray(body.messages) && body.messages.length === 0;
  const statusCode = rhea.types.wrap_int(empty ? 204 : status);
  return { properties: { statusCode, statusDescription: description }, ...(empty ? {} : { body }) };
}

function refusal({ condition, message }: BrokerError): Answer {
  return {
    properties: {
      statusCode: rhea.types.wrap_int(STATUS[condition] ?? 400),
      statusDescription: message,
      errorCondition: rhea.types.wrap_symbol(condition),
    },
  };
}

function isRecord(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && !Buffer.isBuffer(body);
}
