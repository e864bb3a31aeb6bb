/** The error conditions that Azure Service Bus answers with, by the name its documentation gives them. */
export const conditions = {
  argument: 'com.microsoft:argument-error',
  decode: 'amqp:decode-error',
  detached: 'amqp:link:detach-forced',
  internal: 'amqp:internal-error',
  lockLost: 'com.microsoft:message-lock-lost',
  messageNotFound: 'com.microsoft:message-not-found',
  notAllowed: 'amqp:not-allowed',
  notFound: 'amqp:not-found',
  notImplemented: 'amqp:not-implemented',
  serverBusy: 'com.microsoft:server-busy',
  tooLarge: 'amqp:link:message-size-exceeded',
} as const;

/** A refusal that reaches the client: `condition` becomes the SDK's error code, the message its text. */
export class BrokerError extends Error {
  readonly condition: string;

  constructor(condition: string, description: string) {
    super(description);
    this.name = 'BrokerError';
    this.condition = condition;
  }
}

/** What Azure answers for a queue, topic or subscription that does not exist. The SDK recognises the words. */
export function entityNotFound(address: string): BrokerError {
  return new BrokerError(conditions.notFound, `The messaging entity '${address}' could not be found.`);
}

/** A feature of Azure that this test double does not have; the text names it, so that nobody has to guess. */
export function notDone(feature: string): BrokerError {
  return new BrokerError(conditions.notImplemented, `${feature} not supported by this Service Bus test double.`);
}
