import { expect, test } from 'vitest';
import { chordOf, createKeys, keyGroups, keyTable, keyWords } from './keys.ts';

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
  keys.add({ transactions: act('transactions'), failed: act('failed') });
  expect(press('g', 't')).toEqual([false, true]);
  press('g');
  clock.now += 2_000;
  press('t');
  press('f');
  expect(done).toEqual(['transactions', 'failed']);
});

test('what was added last comes first, and gives way when it goes', () => {
  const { keys, press, done, act } = bench();
  keys.add({ close: act('page') });
  const end = keys.add({ close: act('panel') });
  press('Escape');
  end();
  press('Escape');
  expect(done).toEqual(['panel', 'page']);
});

test("the browser's and the system's own keys are left alone", () => {
  const { keys, done, act } = bench();
  keys.add({ failed: act('failed') });
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
    expect(keys.press({ ...plain, [modifier]: true, key: 'f', code: 'KeyF' })).toBe(false);
  }
  expect(done).toEqual([]);
});

test('keys with Ctrl, Shift or Alt are known by their place, whatever character they give', () => {
  const held = (key: string, code: string, ...names: string[]) =>
    chordOf({ ...plain, key, code, ...Object.fromEntries(names.map((name) => [`${name}Key`, true])) });
  expect(held('Ï', 'KeyF', 'alt', 'shift')).toBe('Shift Alt f');
  expect(held('k', 'KeyK', 'meta')).toBe('Ctrl k');
  expect(held(' ', 'Space', 'ctrl', 'shift')).toBe('Ctrl Shift Space');
  expect(held('ArrowDown', 'ArrowDown', 'shift')).toBe('Shift ArrowDown');
  expect(held('N', 'KeyN', 'shift')).toBe('N');
  expect(held('?', 'Slash', 'shift')).toBe('?');
});

test('no key means two things in one place', () => {
  const always = ['Anywhere', 'Pages'];
  for (const [group] of keyGroups()) {
    const keys = Object.values(keyTable)
      .filter((each) => each.group === group || always.includes(each.group))
      .flatMap((each) => each.keys);
    expect(
      keys.filter((each, index) => keys.indexOf(each) !== index),
      group,
    ).toEqual([]);
  }
});

test('the list says keys as they stand on a keyboard', () => {
  expect(keyWords('down')).toEqual(['↓']);
  expect(keyWords('format')).toEqual(['Shift Alt F']);
  expect(keyWords('transactions')).toEqual(['g t']);
  expect(keyGroups().flatMap(([, names]) => names)).toHaveLength(Object.keys(keyTable).length);
});
