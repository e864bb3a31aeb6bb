import { QueueUnavailable } from '../../platform/errors.ts';
import { brokerCode, brokerError } from '../../platform/service-bus/persist.ts';
import { rights } from '../../platform/service-bus/rights.ts';
import { UsageError } from '../usage-error.ts';

export interface Use {
  namespace: string;
  entity: string;
  use: 'receive from' | 'send to';
}

const signInFailed = /^(Credential|Authentication|AggregateAuthentication)\w*Error$/;

/** What the broker refuses, in a sentence that says what to do; any other error as it is. */
export function explain({ namespace, entity, use }: Use, thrown: unknown): unknown {
  const error = brokerError(thrown instanceof QueueUnavailable ? (thrown.cause ?? thrown) : thrown);
  const options = { cause: thrown };
  const { role, claim } = rights[use];
  if (error instanceof Error && signInFailed.test(error.name)) {
    return new UsageError(
      `Azure does not know who you are: sign in with "az login" (namespace ${namespace}).`,
      options,
    );
  }
  switch (brokerCode(error)) {
    case 'MessagingEntityNotFound':
      return new UsageError(
        `The namespace ${namespace} has no "${entity}": check the name, or deploy infra/queues.json to it.`,
        options,
      );
    case 'UnauthorizedAccess':
      return new UsageError(
        `You may not ${use} "${entity}" in the namespace ${namespace}: assign your identity the role "${role}" (a connection string needs the claim ${claim}).`,
        options,
      );
    case 'GeneralError':
    case 'ServiceTimeout':
    case 'ServiceCommunicationProblem':
    case 'ENOTFOUND':
    case 'ECONNREFUSED':
      return new UsageError(
        `Service Bus in ${namespace} does not answer (${error instanceof Error ? error.message : error}): is it running, and is there a way to it?`,
        options,
      );
    default:
      return thrown;
  }
}
