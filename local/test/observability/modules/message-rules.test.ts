import { expect, test } from 'vitest';
import { firedBy, rowAt } from '../../../alerts/fired-by.fixture.ts';
import type { Row } from '../../../application-insights/index.ts';

const events = (at: number, source: string, ages: readonly number[], Name = 'message.completed'): Row[] =>
  ages.map((ageMs, index) =>
    rowAt('AppEvents', at, {
      ...{ Name, Properties: { source, messageId: `${at} ${index}` }, Measurements: { ageMs } },
    }),
  );
const ages = (count: number, late: number) =>
  Array.from({ length: count }, (_, index) => (index < late ? 61_000 : 60_000));

test.each([
  ['more than one in twenty is late', events(1, 'parcels', ages(100, 6)), ['parcels']],
  ['one in twenty is late', events(29, 'parcels', ages(100, 5)), []],
  ['too few to tell', events(29, 'parcels', ages(19, 19)), []],
  ['they were attempted', events(29, 'parcels', ages(100, 50), 'message.attempted'), []],
  ['one of two handlers is late', [...events(29, 'a', ages(20, 2)), ...events(29, 'b', ages(200, 0))], ['a']],
])('%s: the rule message-latency', async (_what, rows, series) => {
  expect(await firedBy('message-latency', { at: 30, rows })).toEqual(series);
});
