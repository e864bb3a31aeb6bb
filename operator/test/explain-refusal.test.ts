import { expect, test } from 'vitest';
import { QueueUnavailable } from '../../src/platform/errors.ts';
import { explainRefusal } from '../explain-refusal.ts';

const use = { namespace: 'orders.servicebus.windows.net', entity: 'files' };
const coded = (code: string) => Object.assign(new Error('says the broker'), { code });

test.each([
  ['receive from', coded('UnauthorizedAccess'), 'assign your identity the role "Azure Service Bus Data Receiver"'],
  ['send to', coded('UnauthorizedAccess'), 'assign your identity the role "Azure Service Bus Data Sender"'],
  ['send to', new QueueUnavailable('late', { cause: coded('UnauthorizedAccess') }), 'Data Sender'],
  ['receive from', new AggregateError([coded('MessagingEntityNotFound')]), 'has no "files"'],
  ['receive from', coded('GeneralError'), 'does not answer (says the broker)'],
  ['send to', Object.assign(new Error('x'), { name: 'CredentialUnavailableError' }), 'az login'],
  ['send to', Object.assign(new Error('x'), { name: 'AggregateAuthenticationError' }), 'az login'],
] as const)('%s: %s', (right, error, sentence) => {
  const explained = explainRefusal({ ...use, use: right }, error);
  expect(explained).toMatchObject({ name: 'CommandRefused', message: expect.stringContaining(sentence) });
});

test('an error that is no refusal stays what it is', () => {
  const error = new TypeError('a defect');
  expect(explainRefusal({ ...use, use: 'send to' }, error)).toBe(error);
});
