import Long from 'long';
import type { ReceivedMessage } from '../../../../src/platform/messaging.ts';

/** A message as the SDK gives it. */
export const received = (given: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  body: Buffer.from('content'),
  messageId: 'a1',
  state: 'active',
  sequenceNumber: Long.fromNumber(7),
  deliveryCount: 0,
  lockToken: 'token',
  _rawAmqpMessage: { body: undefined },
  ...given,
});
