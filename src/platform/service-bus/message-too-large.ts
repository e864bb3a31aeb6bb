/** The broker's limit (256 KB in the Standard tier, properties included): trying again cannot help, unlike `QueueUnavailable`. */
export class MessageTooLarge extends Error {
  override name = 'MessageTooLarge';

  constructor(entity: string, options?: ErrorOptions) {
    super(`The message is larger than "${entity}" accepts.`, options);
  }
}
