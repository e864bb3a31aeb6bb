import { expect, test } from 'vitest';
import { createVolume, hourMs } from '../../../../src/observability/modules/cost-meter/volume.ts';

/** Ten minutes past ten. */
const start = Date.parse('2026-11-22T10:10:00Z');

function atHours() {
  let now = start;
  return {
    volume: createVolume({ now: () => new Date(now) }),
    goTo(hours: number) {
      now = start + hours * hourMs;
    },
  };
}

test('rows are counted by table and hour', () => {
  const { volume, goTo } = atHours();
  volume.add('AppTraces', 100);
  volume.add('AppTraces', 50);
  volume.add('AppEvents', 7);
  goTo(1);
  volume.add('AppTraces', 1);
  expect(volume.of(0)).toEqual({ AppTraces: { items: 1, bytes: 1 } });
  expect(volume.of(1)).toEqual({ AppTraces: { items: 2, bytes: 150 }, AppEvents: { items: 1, bytes: 7 } });
  expect(volume.of(2)).toEqual({});
});

test('the bytes of the running hour and of those before it are summed over all tables', () => {
  const { volume, goTo } = atHours();
  for (let hour = 0; hour < 30; hour++) {
    goTo(hour);
    volume.add('AppTraces', 10 ** (hour % 3));
    volume.add('AppEvents', 1_000);
  }
  expect(volume.bytes(0)).toBe(1_100);
  expect(volume.bytes(2)).toBe(3_111);
});

test('more than the running hour and the 23 before it are not kept', () => {
  const { volume, goTo } = atHours();
  for (let hour = 0; hour < 100; hour++) {
    goTo(hour);
    volume.add('AppTraces', 1);
  }
  expect(volume.bytes(1_000)).toBe(24);
});

test('what was counted days ago is no part of today', () => {
  const { volume, goTo } = atHours();
  volume.add('AppTraces', 5);
  goTo(50);
  expect(volume.bytes(23)).toBe(0);
  expect(volume.of(0)).toEqual({});
});
