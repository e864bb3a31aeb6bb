import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { holdBackSpans, isChosen, traceIdOf } from './held-back.fixture.ts';

const requests = 6_000;
const percent = 5;
const share = percent / 100;

/** Fourteen of a hundred traces are kept for what happens in them, each at another place. */
const fateOf = (index: number) =>
  index % 25 === 0
    ? 'request fails'
    : index % 25 === 1
      ? 'call fails'
      : index % 50 === 2
        ? 'slow'
        : index % 25 === 3
          ? 'background fails'
          : 'well';

test('at 5 percent under mixed load every failed and every slow trace is whole, and the counts are right', (context) => {
  const { start, exported, early } = holdBackSpans(context, { percent });
  const underWay: (() => void)[] = [];
  for (let index = 0; index < requests; index++) {
    const fate = fateOf(index);
    // Both times are given, so that a pause of the machine makes no trace slow.
    const now = Date.now();
    const request = start('request', traceIdOf(index), { startTime: now - (fate === 'slow' ? 600 : 20) });
    const end = (span: Span, fails: boolean) => {
      if (fails) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(now);
    };
    end(start('call', request, { kind: SpanKind.CLIENT, startTime: now }), fate === 'call fails');
    end(start('call', request, { kind: SpanKind.CLIENT, startTime: now }), false);
    const background = start('background', request, { kind: SpanKind.INTERNAL, startTime: now });
    // Up to fifty traces are open at a time, and half of the background work outlives its request.
    underWay.push(() => {
      if (index % 2 === 0) end(background, fate === 'background fails');
      end(request, fate === 'request fails');
      if (index % 2 === 1) end(background, fate === 'background fails');
    });
    if (underWay.length === 50) for (const finish of underWay.splice(0)) finish();
  }
  for (const finish of underWay) finish();

  const rows = Map.groupBy(exported(), ({ traceId }) => traceId);
  for (let index = 0; index < requests; index++) {
    const id = traceIdOf(index);
    const counts = rows.get(id)?.map(({ itemCount }) => itemCount) ?? [];
    if (fateOf(index) !== 'well') expect(counts, fateOf(index)).toEqual([1, 1, 1, 1]);
    else expect(counts).toEqual(isChosen(id, percent) ? [20, 20, 20, 20] : []);
  }
  const counted = exported().reduce((sum, { name, itemCount }) => (name === 'request' ? sum + itemCount : sum), 0);
  const bound = 3 * Math.sqrt((1 - share) / (share * requests));
  expect(Math.abs(counted / requests - 1)).toBeLessThan(bound);
  expect(early).toEqual([]);
});
