import { QueueUnavailable } from '../src/platform/errors.ts';
import { rights } from '../src/platform/service-bus/entity-check.ts';
import { brokerCode, brokerError } from '../src/platform/service-bus/persist.ts';
import { CommandRefused } from './command-refused.ts';

interface Use {
  namespace: string;
  entity: string;
  use: 'receive from' | 'send to';
}

/** The name of an error of `@azure/identity` that came before any answer of the broker. */
export const signInFailed = /^(Credential|Authentication|AggregateAuthentication)\w*Error$/;

/** Turns a refusal of the broker into a `CommandRefused` that says what to do. Returns any other error unchanged. */
export function explainRefusal(used: Use, thrown: unknown): unknown {
  const error = brokerError(thrown instanceof QueueUnavailable ? (thrown.cause ?? thrown) : thrown);
  const sentence = sentenceFor(used, error);
  return sentence === undefined ? thrown : new CommandRefused(sentence, { cause: thrown });
}

function sentenceFor({ namespace, entity, use }: Use, error: unknown): string | undefined {
  if (error instanceof Error && signInFailed.test(error.name)) {
    return `Azure does not know who you are: sign in with "az login" (namespace ${namespace}).`;
  }
  switch (brokerCode(error)) {
    case 'MessagingEntityNotFound':
      return `The namespace ${namespace} has no "${entity}": check the name, or deploy infra/queues.json to it.`;
    case 'UnauthorizedAccess': {
      const { role, claim } = rights[use];
      return `You may not ${use} "${entity}" in the namespace ${namespace}: assign your identity the role "${role}" (a connection string needs the claim ${claim}).`;
    }
    case 'GeneralError':
    case 'ServiceTimeout':
    case 'ServiceCommunicationProblem':
    case 'ENOTFOUND':
    case 'ECONNREFUSED':
      return `Service Bus in ${namespace} does not answer (${(error as Error).message}): check that it runs and that this machine can reach it.`;
    default:
      return undefined;
  }
}
