import { expect, test } from 'vitest';
import { createKeys } from './keys.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false };

function bench() {
  const clock = { now: 0 };
  const done: string[] = [];
  const keys = createKeys({ now: () => clock.now });
  const press = (...pressed: string[]) => pressed.map((key) => keys.press({ ...plain, key }));
  const act = (what: string) => () => done.push(what);
  return { clock, done, keys, press, act };
}

test('two keys after each other are one action, and only soon after each other', () => {
  const { keys, press, done, clock, act } = bench();
  keys.add({ 'g t': act('transactions'), t: act('alone') });
  expect(press('g', 't')).toEqual([false, true]);
  press('g');
  clock.now += 2_000;
  press('t');
  expect(done).toEqual(['transactions', 'alone']);
});

test('what was added last comes first, and gives way when it goes', () => {
  const { keys, press, done, act } = bench();
  keys.add({ Escape: act('page') });
  const end = keys.add({ Escape: act('panel') });
  press('Escape');
  end();
  press('Escape');
  expect(done).toEqual(['panel', 'page']);
});

test("the browser's and the system's own keys are left alone", () => {
  const { keys, done, act } = bench();
  keys.add({ f: act('failed') });
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
    expect(keys.press({ ...plain, [modifier]: true, key: 'f' })).toBe(false);
  }
  expect(done).toEqual([]);
});
