import { expect, test } from 'vitest';
import { z } from 'zod';
import { MalformedError } from '../../src/platform/errors.ts';
import { jsonBody, jsonOf } from '../../src/platform/json-body.ts';
import { runningHost } from './running-host.ts';

const order = z.strictObject({ item: z.enum(['tea', 'coffee']), pieces: z.int().min(1).default(1) });

async function shop(options: { limitBytes?: number } = {}) {
  const host = await runningHost(() => {}, {
    businesses: [
      {
        name: 'shop',
        routes(router) {
          router.post('/orders', jsonBody(order, options), ({ body: { item, pieces } }, response) => {
            response.status(202).json(`${pieces} ${item}`);
          });
        },
      },
    ],
  });
  const post = async (body: string, type = 'application/json') => {
    const answer = await fetch(`${host.url}/orders`, { method: 'POST', headers: { 'content-type': type }, body });
    return { status: answer.status, body: (await answer.json()) as { detail?: string } };
  };
  return { post, log: host.log };
}

test('a route gets what the schema makes of the body', async () => {
  const { post } = await shop();
  expect(await post('{"item":"tea"}')).toEqual({ status: 202, body: '1 tea' });
  expect(await post('{"item":"tea","pieces":3}', 'application/vnd.shop+json; charset=utf-8')).toMatchObject({
    status: 202,
  });
});

test('a body that the schema refuses is 400 with every fault and without a value', async () => {
  const { post, log } = await shop();
  const { status, body } = await post('{"item":"secret-4711","pieces":0}');
  expect(status).toBe(400);
  expect(body.detail).toMatch(/^item: .*; pieces: .*\.$/);
  expect(JSON.stringify(body)).not.toContain('4711');
  expect(log.lines).toEqual([]);
});

test('no JSON, another type, too long a body and no body at all are the mistakes of the caller', async () => {
  const { post } = await shop({ limitBytes: 20 });
  expect(await post('{"item":')).toMatchObject({ status: 400, body: { detail: 'The body is not JSON.' } });
  expect(await post('item=tea', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
  expect(await post('{"item":"coffee","pieces":1}')).toMatchObject({ status: 413 });
  expect(await post('')).toMatchObject({ status: 400 });
});

test('at most ten faults are told', async () => {
  const list = z.array(z.int());
  const texts = JSON.stringify(Array.from({ length: 50 }, () => 'x'));
  expect(() => jsonOf({ body: Buffer.from(texts) }, list)).toThrow(/^(?!.*\[10\]).*\[9\]/);
});

test('the body of a message is read with a schema, from bytes or as the SDK parsed it', () => {
  const expected = { item: 'tea', pieces: 2 };
  expect(jsonOf({ body: Buffer.from('{"item":"tea","pieces":2}') }, order)).toEqual(expected);
  expect(jsonOf({ body: expected }, order)).toEqual(expected);
});

test.each(['no json', '{"item":"milk"}', '[]', ''])(
  'the message body %j is malformed: no attempt can handle it',
  (text) => {
    expect(() => jsonOf({ body: Buffer.from(text) }, order)).toThrow(MalformedError);
  },
);
