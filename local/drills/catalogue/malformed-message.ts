import { randomUUID } from 'node:crypto';
import { putMessage } from '../../cli/send/put-message.ts';
import { loggedErrors, whyDeadLettered } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { queueOf } from '../queue-of-business.ts';
import { repeatEvery } from '../repeat-every.ts';

export const malformedMessage: Drill = {
  name: 'malformed-message',
  question: 'Another system puts messages into the queue that no handler can read: what becomes of them?',
  needs: ['queue'],
  begin: () => undefined,
  during: ({ load, serviceBus, checkout }, signal) =>
    repeatEvery(1_000, signal, async () => {
      const messageId = randomUUID();
      load.put(messageId);
      const body = Buffer.from('{ this is no message of ours');
      await putMessage(serviceBus.connectionString, { target: queueOf(checkout), messageId, body });
    }),
  end: () => undefined,
  mustFire: [{ rule: 'dead-letters', from: 1, why: 'Each of them ends in the dead-letter queue.' }],
  mayFire: [
    { rule: 'dead-letter-poisoning', from: 5, why: 'All of them came by another way than the service.' },
    { rule: 'exception-spike', from: 4, why: 'The same new error is logged for each.' },
  ],
  signals: [loggedErrors, whyDeadLettered],
};
