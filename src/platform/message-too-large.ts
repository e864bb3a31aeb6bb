/**
 * A message exceeds the broker's limit (256 KB in the Standard tier, properties included). Unlike after
 * `QueueUnavailable`, sending it again cannot succeed.
 */
export class MessageTooLarge extends Error {
  override name = 'MessageTooLarge';

  constructor(entity: string, options?: ErrorOptions) {
    super(`The message is larger than "${entity}" accepts.`, options);
  }
}
