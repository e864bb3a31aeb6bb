import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  cellText,
  extractionPage,
  extractionText,
  type RecordedCell,
  type RecordedExtraction,
} from '../../tools/generate/extraction-page.ts';

const cell = (changes: Partial<RecordedCell> = {}): RecordedCell => ({
  ...{ fingerprints: 1, rate: 0.5, openedIn: 1, switchAfter: 2, prevalence: 0.1, naiveRecall: 0, isBetter: true },
  recall: [0.9, 0.7, 1],
  precision: [0.8, 0.6, 0.9],
  ...changes,
});
const recorded = (cells: readonly RecordedCell[]): RecordedExtraction => ({
  recordedOn: '2026-11-30',
  seeds: { fixing: [1, 10], measuring: [11, 30] },
  honest: { accounts: 24_000, calls: 16_000_000 },
  compared: {
    aggregator: { calls: 1_000_000, rows: 90_000, different: 0 },
    http: { calls: 20_000, rows: 9_000, different: 0 },
  },
  rules: [{ rule: 'extraction-shared-fingerprint', falseAccounts: 9.75, cells, hidden: [], careful: [] }],
});
const lineWith = (text: string, part: string) => text.split('\n').find((line) => line.includes(part)) ?? '';

test('recall below a half is said, also where the rule is better than the naive one', () => {
  expect(cellText(cell())).toBe('0.90 (0.70-1.00), precision 0.80 (0.60-0.90)');
  expect(cellText(cell({ recall: [0.499, 0.3, 0.6] }))).toContain('**below 0.5**');
  expect(cellText(cell({ recall: [0.5, 0.3, 0.6] }))).not.toContain('below');
});

test('a cell in which nothing is reported, or in which the naive threshold does as well, says so', () => {
  const { precision: _, ...silent } = cell({ recall: [0, 0, 0.16], isBetter: false, naiveRecall: 0.12 });
  expect(cellText(silent)).toBe('0.00 (0.00-0.16) **below 0.5**, reports nothing; not better than 0.12');
});

test('a rule stays when it is better in half of the cells, and else the page says that it goes', () => {
  const worse = cell({ isBetter: false });
  expect(lineWith(extractionText(recorded([cell(), worse])), '1 of 2')).toMatch(
    /\| 9\.8 \| 1 of 2 \| 0 of 2 \| stays \|$/,
  );
  expect(lineWith(extractionText(recorded([cell(), worse, worse])), '1 of 3')).toContain('delete it');
});

test('a row of the grid says how the attacker was generated', () => {
  const text = extractionText(recorded([cell({ fingerprints: 24_000, prevalence: 0.001 })]));
  expect(lineWith(text, 'one each')).toMatch(/^\| one each \| 0\.1 % \| 0\.5 \| 1 d \| 2 h \| /);
});

test('without a record there is no page', async () => {
  const root = await mkdtemp(join(tmpdir(), 'extraction '));
  onTestFinished(() => rm(root, { recursive: true }));
  expect(extractionPage(root)).toEqual([]);
});
