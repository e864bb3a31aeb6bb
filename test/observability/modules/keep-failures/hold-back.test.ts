import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, test, vi } from 'vitest';
import { holdBackSpans, traceId } from './held-back.fixture.ts';

const chosen = traceId({ chosen: true });
const left = traceId({ chosen: false });
const call = { kind: SpanKind.CLIENT };
const failed = { code: SpanStatusCode.ERROR };
const whole = (id: string) => ['call', 'request'].map((name) => ({ name, traceId: id, itemCount: 1 }));

describe.each([
  ['a trace that the sampler left out', left],
  ['a trace that the sampler chose', chosen],
])('%s', (_, id) => {
  test('is kept whole, each span for itself alone, when its last span fails', (context) => {
    const { start, exported } = holdBackSpans(context);
    const request = start('request', id);
    start('call', request, call).end();
    expect(exported()).toEqual([]);
    request.setStatus(failed);
    request.end();
    expect(exported()).toEqual(whole(id));
  });

  test('is kept whole when a span below fails, also one that ends after the request', (context) => {
    const { start, exported } = holdBackSpans(context);
    const request = start('request', id);
    const background = start('background', request, { kind: SpanKind.INTERNAL });
    start('call', request, call).end();
    request.end();
    expect(exported()).toEqual([]);
    background.setStatus(failed);
    background.end();
    expect(exported()).toEqual([...whole(id), { name: 'background', traceId: id, itemCount: 1 }]);
  });

  test('is kept whole when the request is slow, when a span is marked, and when one recorded an exception', (context) => {
    for (const make of [{ startTime: Date.now() - 501 }, { 'sampling.keep': true }, { recorded: true }] as const) {
      const { start, exported } = holdBackSpans(context);
      const { recorded, ...attributes } = { recorded: false, ...make };
      const request = start('request', id, attributes);
      if (recorded) request.recordException(new Error('not seen in the status'));
      start('call', request, call).end();
      request.end();
      expect(exported()).toEqual(whole(id));
    }
  });
});

test('of traces in which all is well those are kept that the sampler chose, and each span stands for twenty', (context) => {
  const { start, exported } = holdBackSpans(context);
  for (const id of [left, chosen]) {
    const request = start('request', id, { startTime: Date.now() - 400 });
    start('slow call', request, { ...call, startTime: Date.now() - 5_000 }).end();
    request.end();
  }
  expect(exported()).toEqual(['slow call', 'request'].map((name) => ({ name, traceId: chosen, itemCount: 20 })));
});

test('at 100 percent nothing is held back', (context) => {
  const { start, exported } = holdBackSpans(context, { percent: 100 });
  const request = start('request', left);
  start('call', request, call).end();
  expect(exported()).toEqual([{ name: 'call', traceId: left, itemCount: 1 }]);
});

test('what is held back is decided at the stop', async (context) => {
  const { start, exported, stop, early } = holdBackSpans(context);
  const request = start('request', left);
  start('call', request, call).setStatus(failed).end();
  start('request', chosen).end();
  start('call', start('request', traceId({ chosen: true, nth: 1 })), call).end();
  await stop();
  expect(exported().map(({ name, itemCount }) => [name, itemCount])).toEqual([
    ['request', 20],
    ['call', 1],
    ['call', 20],
  ]);
  expect(early).toEqual([]);
});

/** Time stands still until the test moves it. */
function stoppedClock({ onTestFinished }: Parameters<typeof holdBackSpans>[0]) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  return (seconds: number) => vi.advanceTimersByTime(seconds * 1_000);
}

test('a kept trace of more spans than the batches can take at once is whole', async (context) => {
  const { start, exported } = holdBackSpans(context, { batches: true });
  const request = start('request', left);
  for (let calls = 0; calls < 5_000; calls++) start('call', request, call).end();
  request.setStatus(failed).end();
  await vi.waitFor(() => expect(exported()).toHaveLength(5_001), { timeout: 10_000 });
});

test('at the stop too, all that is kept arrives', async (context) => {
  const { start, exported, stop } = holdBackSpans(context, { batches: true });
  const requests = Array.from({ length: 600 }, (_, nth) => start('request', traceId({ chosen: false, nth })));
  for (const request of requests)
    for (let calls = 0; calls < 5; calls++) start('call', request, call).setStatus(failed).end();
  await stop();
  expect(exported()).toHaveLength(3_000);
});

describe('a span that comes late', () => {
  test('is kept with its trace for 30 seconds, and does not prolong them', (context) => {
    const pass = stoppedClock(context);
    const { start, exported } = holdBackSpans(context);
    start('request', left).setStatus(failed).end();
    pass(20);
    start('second', left).end();
    pass(9);
    start('third', left).end();
    pass(3);
    start('fourth', left).end();
    expect(exported()).toEqual(['request', 'second', 'third'].map((name) => ({ name, traceId: left, itemCount: 1 })));
  });

  test('is kept with one of the last 2,000 traces that were kept, and no more with an older one', (context) => {
    const { start, exported } = holdBackSpans(context);
    const fails = (nth: number) =>
      start('request', traceId({ chosen: false, nth }))
        .setStatus(failed)
        .end();
    for (let nth = 0; nth <= 2_000; nth++) fails(nth);
    start('late', traceId({ chosen: false, nth: 0 })).end();
    start('late', traceId({ chosen: false, nth: 1 })).end();
    expect(exported().slice(2_001)).toEqual([
      { name: 'late', traceId: traceId({ chosen: false, nth: 1 }), itemCount: 1 },
    ]);
  });

  test('is kept for itself when it fails after its trace was left out', (context) => {
    const pass = stoppedClock(context);
    const { start, exported, early } = holdBackSpans(context, { latencyMs: 60_000 });
    const request = start('request', left);
    start('call', request, call).end();
    pass(31);
    expect([exported(), early]).toEqual([[], ['ageMs']]);
    request.setStatus(failed).end();
    start('next', left).end();
    expect(exported()).toEqual(['request', 'next'].map((name) => ({ name, traceId: left, itemCount: 1 })));
  });
});

describe('what exceeds a limit is decided at once and counted', () => {
  test('a trace that is open for 30 seconds: its request is slow by then', (context) => {
    const pass = stoppedClock(context);
    const { start, exported, early } = holdBackSpans(context);
    const request = start('request', left);
    start('call', request, call).end();
    pass(29);
    expect([exported(), early]).toEqual([[], []]);
    pass(2);
    expect([exported(), early]).toEqual([whole(left).slice(0, 1), ['ageMs']]);
    request.end();
    expect(exported()).toEqual(whole(left));
  });

  test('the oldest trace, when 2,000 others are open', (context) => {
    const { start, exported, early } = holdBackSpans(context);
    const requests = Array.from({ length: 2_000 }, (_, nth) => start('request', traceId({ chosen: false, nth })));
    const [oldest, second] = requests;
    for (const request of [oldest, second])
      start('call', request as never, call)
        .setStatus(failed)
        .end();
    expect([exported(), early]).toEqual([[], []]);
    start('request', traceId({ chosen: false, nth: 2_000 }));
    expect([exported(), early]).toEqual([whole(left).slice(0, 1), ['traces']]);
    oldest?.end();
    expect(exported()).toEqual(whole(left));
  });

  test('a trace of so many spans that it would fill memory', async (context) => {
    const { start, exported, early } = holdBackSpans(context);
    const request = start('request', chosen);
    for (let calls = 0; calls < 20_000; calls++) start('call', request, call).end();
    expect([exported(), early]).toEqual([[], []]);
    start('call', request, call).end();
    expect(early).toEqual(['spans']);
    await vi.waitFor(() => expect(exported()).toHaveLength(20_001), { timeout: 10_000 });
    start('call', request, call).end();
    request.end();
    expect(exported()).toHaveLength(20_003);
    start('call', start('request', left), call).end();
    expect(early).toEqual(['spans']);
  });
});
