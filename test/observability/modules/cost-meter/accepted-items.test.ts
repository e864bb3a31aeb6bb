import { expect, test } from 'vitest';
import { watchAccepted } from '../../../../src/observability/modules/cost-meter/accepted-items.ts';

type Policy = ReturnType<typeof watchAccepted>['policy'];
type Request = Parameters<Policy['sendRequest']>[0];
type Response = Awaited<ReturnType<Policy['sendRequest']>>;

const batch = JSON.stringify([{ n: 0 }, { n: 1 }, { n: 2 }]);

/** Sends one batch past the meter. */
async function deliver(body: unknown, status: number, bodyAsText?: string, seen?: () => void) {
  const counted: unknown[] = [];
  let failures = 0;
  const { policy } = watchAccepted(seen ?? ((item) => counted.push(item)), () => failures++);
  const answer = { status, bodyAsText } as Response;
  const response = await policy.sendRequest({ body } as Request, async () => answer);
  expect(response).toBe(answer);
  return { counted, failures };
}

test('every item of an accepted batch is counted', async () => {
  expect(await deliver(batch, 200)).toEqual({ counted: [{ n: 0 }, { n: 1 }, { n: 2 }], failures: 0 });
});

test('of a batch that is accepted in part those items are counted that were not refused', async () => {
  const errors = [
    { index: 0, statusCode: 400, message: 'no' },
    { index: 2, statusCode: 500, message: 'later' },
  ];
  const answer = JSON.stringify({ itemsReceived: 3, itemsAccepted: 1, errors });
  expect(await deliver(batch, 206, answer)).toEqual({ counted: [{ n: 1 }], failures: 0 });
});

test.each([307, 400, 401, 402, 408, 429, 439, 500, 503])(
  'nothing is counted of a batch that is answered with %i',
  async (status) => {
    expect(await deliver(batch, status, 'no JSON')).toEqual({ counted: [], failures: 0 });
  },
);

test.each<[string, unknown, number, string?]>([
  ['a body that is no JSON', '[{"n":0},', 200],
  ['a body that is no list', '{"n":0}', 200],
  ['no body', undefined, 200],
  ['a partial answer that is no JSON', batch, 206, '<html>'],
  ['a partial answer without errors', batch, 206, '{"itemsAccepted":3}'],
  ['a partial answer without a body', batch, 206],
])(
  'with %s nothing is counted, the failure is told, and the delivery is as without the meter',
  async (_, body, status, answer) => {
    expect(await deliver(body, status, answer)).toEqual({ counted: [], failures: 1 });
  },
);

test('a meter that throws changes nothing of the delivery', async () => {
  const broken = () => {
    throw new Error('broken');
  };
  expect(await deliver(batch, 200, undefined, broken)).toEqual({ counted: [], failures: 1 });
});

test('the failure of the delivery itself is passed on', async () => {
  const { policy } = watchAccepted(
    () => {},
    () => {},
  );
  const refused = policy.sendRequest({ body: batch } as Request, () => Promise.reject(new Error('ECONNREFUSED')));
  await expect(refused).rejects.toThrow('ECONNREFUSED');
});
