import { expect, test } from 'vitest';
import { watchDelivery } from '../../../../src/observability/modules/application-insights/delivery.ts';

function watched() {
  const told: unknown[] = [];
  let now = 0;
  const delivery = watchDelivery((severity, parts) => void told.push([severity, ...parts]), {
    now: () => new Date(now),
  });
  const { sendRequest } = delivery.policy.policy;
  return {
    ...delivery,
    told,
    later: (ms: number) => (now += ms),
    answer: (status: number, bodyAsText = '') =>
      sendRequest({} as never, async (request) => ({
        request,
        status,
        headers: {} as never,
        bodyAsText,
      })),
    noAnswer: () => sendRequest({} as never, () => Promise.reject(new Error('refused'))),
    sendRequest,
  };
}

test('the service is degraded from the first batch that was not delivered until one is', async () => {
  const { health, answer, noAnswer, later, told } = watched();
  await answer(200);
  expect(await health()).toEqual({ ok: true });
  await expect(noAnswer()).rejects.toThrow('refused');
  later(5_000);
  await answer(503);
  expect(await health()).toEqual({
    ok: false,
    reason: 'telemetry is not delivered since 1970-01-01T00:00:00.000Z (answered with 503)',
  });
  await answer(200);
  expect(await health()).toEqual({ ok: true });
  expect(told).toEqual([
    ['warning', 'telemetry was not delivered:', 'no answer: refused'],
    ['warning', 'telemetry was not delivered:', 'answered with 503'],
  ]);
});

test('a redirect is no failure: the exporter follows it; a batch that is accepted in part is one', async () => {
  const { health, answer, told } = watched();
  await answer(308);
  expect(await health()).toEqual({ ok: true });
  await answer(206, '{"errors":[{"index":0,"statusCode":400,"message":"too old"}]}');
  expect(told).toEqual([['warning', 'telemetry was not delivered:', 'answered with 206 too old']]);
});

test('batches that were neither delivered nor stored are counted', async () => {
  const { health, answer, lost, told } = watched();
  await answer(503);
  lost(new Error('disk'));
  lost(new Error('disk'));
  expect((await health()).reason).toContain('2 batches lost since the start');
  expect(told).toContainEqual(['error', 'a batch of telemetry is lost:', new Error('disk')]);
});

test('an endpoint that never answers is given up: batches must not pile up in memory', async () => {
  const { sendRequest } = watched();
  const timeout = await new Promise((resolve) => {
    void sendRequest({} as never, (request) => {
      resolve(request.timeout);
      return Promise.reject(new Error('aborted'));
    }).catch(() => {});
  });
  expect(timeout).toBe(10_000);
});
