const MANAGEMENT = /^(.+)\/\$management$/i;
const DEAD_LETTERS = /^(.+)\/\$deadletterqueue$/i;
const SUBSCRIPTION = /^(.+)\/subscriptions\/([^/]+)$/i;

export interface EntityAddress {
  readonly name: string;
  /** Present when `name` is a subscription. */
  readonly topicName: string | undefined;
  readonly deadLetters: boolean;
}

/** Takes `<queue>`, `<topic>/Subscriptions/<name>` and either of them with `/$DeadLetterQueue` apart. */
export function readAddress(address: string): EntityAddress {
  const inner = DEAD_LETTERS.exec(address)?.[1];
  const path = inner ?? address;
  const [, topicName, name] = SUBSCRIPTION.exec(path) ?? [];
  return { name: name ?? path, topicName, deadLetters: inner !== undefined };
}

/** The entity behind `<entity>/$management`, or `undefined` for any other address. */
export function managedEntity(address: string): string | undefined {
  return MANAGEMENT.exec(address)?.[1];
}

/** Where clients put their tokens. */
export const TOKEN_ADDRESS = '$cbs';
