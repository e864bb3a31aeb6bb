import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, type Fault } from '../../src/config/faults.ts';
import { readJson } from '../../src/config/json-file.ts';
import { settingRows } from '../../src/config/settings.ts';
import { load } from './fixtures.ts';

const whole = { level: 3, modules: { add: [], remove: [] }, ...load({ level: 3 }).sections };

/** Loads, or answers the error, which must list what is wrong. */
function outcomeOf(file: unknown, env: Record<string, string> = {}) {
  try {
    return load(file, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error instanceof ConfigError && error.faults.length).toBeGreaterThan(0);
    return error;
  }
}

/** The whole file with anything in the place of one of its parts. */
const bent = fc
  .tuple(fc.constantFrom(...placesOf(whole)), fc.jsonValue())
  .map(([path, value]) => ({ path, file: replaced(whole, path, value) }));

test('whatever JSON the file holds, loading succeeds or lists the faults', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 3 }), (file) => void outcomeOf(file)));
  fc.assert(fc.property(bent, ({ file }) => void outcomeOf(file)));
});

test('whatever text the file holds, loading succeeds or lists the faults', () => {
  const cut = fc.tuple(fc.nat(JSON.stringify(whole).length), fc.string()).map(([at, text]) => {
    return JSON.stringify(whole).slice(0, at) + text + JSON.stringify(whole).slice(at + 1);
  });
  fc.assert(fc.property(fc.oneof(fc.string(), cut), (text) => void outcomeOf(text)));
});

test('whatever the variables hold, loading succeeds or lists the faults', () => {
  const env = fc.dictionary(fc.constantFrom(...Object.keys(settingRows)), fc.string());
  fc.assert(fc.property(env, (given) => void outcomeOf({ level: 1 }, given)));
});

test('a fault in one place names that place and no other', () => {
  fc.assert(
    fc.property(bent, ({ path, file }) => {
      const outcome = outcomeOf(file);
      if (!(outcome instanceof ConfigError)) return;
      // Half of a pair is a fault of the missing half, and names the one that is there.
      const names = ({ path: place = '', found }: (typeof outcome.faults)[number]) =>
        place.startsWith(path[0] ?? '') || found.includes(path.join('.'));
      for (const fault of outcome.faults) expect(names(fault), JSON.stringify(fault)).toBe(true);
    }),
  );
});

test('JSON is read exactly as JSON.parse reads it', () => {
  const json = fc.json({ maxDepth: 3 });
  const bentJson = fc.tuple(json, fc.nat(50), fc.string({ maxLength: 3, unit: 'binary' })).map(([text, at, piece]) => {
    return text.slice(0, at) + piece + text.slice(at + 1);
  });
  fc.assert(
    fc.property(fc.oneof(json, bentJson), (text) => {
      const faults: Fault[] = [];
      const value = readJson({ name: 'x', text }, z.unknown(), faults);
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expect(faults).not.toEqual([]);
        return;
      }
      if (faults.length === 0) expect(value).toEqual(expected);
      else expect(faults.every(({ allowed }) => allowed === 'each key once')).toBe(true);
    }),
    { numRuns: 250 },
  );
});

function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...placesOf(inner, [...path, key])]);
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  return { ...Object(value), [key]: replaced(Object(value)[key], rest, by) };
}
