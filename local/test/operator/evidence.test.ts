import { afterAll, beforeAll, expect, test } from 'vitest';
import defaults from '../../../infra/observability/defaults.json' with { type: 'json' };
import type { Row } from '../../application-insights/index.ts';
import { azureRows, openQueriedRows, type QueriedRows, times } from '../../kql/azure-rows.fixture.ts';
import { importOperator } from './import-operator.ts';

const now = new Date('2026-03-01T12:30:00Z');
const { request, dependency, exception, event, metric, usage } = azureRows(now);
let tables: QueriedRows;
beforeAll(async () => {
  tables = await openQueriedRows(now);
});
afterAll(() => tables.close());

const failedMessage = (messageId: string, columns: object = {}) =>
  exception({ minutesAgo: 60, Properties: { message: 'message handler failed', messageId }, ...columns });
const ended = (Name: string, messageId: string) => event({ minutesAgo: 30, Name, Properties: { messageId } });
const failed = (minutesAgo: number, columns: object = {}) =>
  request({ minutesAgo, ResultCode: '500', Success: false, ...columns });
const alive = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, minute) => metric({ minutesAgo: to + minute }));
const volume = (Quantity: number, minutesAgo = 60) => usage({ minutesAgo, Quantity });
const deadLettered = { Properties: { message: 'message dead-lettered', messageId: 'a' } };

test.each<[name: string, what: string, rows: readonly Row[], pain: boolean, says: RegExp]>([
  ['dead-letters', 'no rows', [], false, /^Dead letters in 7 days: 0; messages .*: 0$/],
  ['dead-letters', 'a message that failed twice', [failedMessage('a'), failedMessage('a')], true, /: 0; .*: 1$/],
  ['dead-letters', 'one that the service gave up', [failedMessage('a', deadLettered)], true, /: 1; .*: 0$/],
  [
    'dead-letters',
    'one that is told twice',
    [failedMessage('a', deadLettered), ended('message.deadLettered', 'a')],
    true,
    /: 1; .*: 0$/,
  ],
  [
    'dead-letters',
    'one that was completed later',
    [failedMessage('a'), ended('message.completed', 'a')],
    false,
    /: 0; .*: 0$/,
  ],
  ['dead-letters', 'one of last month', [failedMessage('a', { minutesAgo: 11_000 })], false, /: 0; .*: 0$/],
  ['failures', 'no rows', [], false, /^Failed requests in 7 days: 0 of 0, where the objective allows 0$/],
  [
    'failures',
    'as many as allowed',
    [...times(5, failed(60)), ...times(995, request({ minutesAgo: 60 }))],
    false,
    /: 5 of 1000, .* allows 5$/,
  ],
  ['failures', 'one more', [...times(6, failed(60)), ...times(994, request({ minutesAgo: 60 }))], true, /: 6 of 1000/],
  [
    'failures',
    'one row that stands for six',
    [failed(60, { ItemCount: 6 }), request({ minutesAgo: 60, ItemCount: 994 })],
    true,
    /: 6 of 1000/,
  ],
  ['alerts', 'no rows', [], false, /^Quarters of an hour in 7 days .*: 0; .*: 0$/],
  ['alerts', 'eleven failures', times(11, failed(60)), false, /: 1; .*: 0$/],
  ['alerts', 'ten, and nothing but failures', times(10, failed(60)), true, /: 0; .*: 1$/],
  [
    'alerts',
    'a dependency fails unheard',
    times(20, dependency({ minutesAgo: 60, Success: false })),
    true,
    /: 0; .*: 1$/,
  ],
  [
    'alerts',
    'both in one quarter',
    [...times(11, failed(60)), ...times(20, dependency({ minutesAgo: 60, Success: false }))],
    false,
    /: 1; .*: 0$/,
  ],
  ['gaps', 'no rows', [], false, /^Silences of more than 15 minutes in 7 days: 0 in 0 roles$/],
  ['gaps', 'a row each minute', alive(60, 0), false, /: 0 in 1 roles$/],
  [
    'gaps',
    'an hour without a row',
    [...alive(130, 100), ...alive(40, 0)],
    true,
    /: 1 in 1 roles, the longest of 60 minutes$/,
  ],
  ['gaps', 'silent since 20 minutes', alive(60, 20), true, /: 1 in 1 roles, the longest of 20 minutes$/],
  [
    'cost',
    'no rows',
    [],
    false,
    /^Telemetry in 7 days: 0 MB, at most 0 on one day of 500 allowed; a month costs about 0 USD, and no budget is set$/,
  ],
  ['cost', 'four fifths of the cap', [volume(400), volume(300, 3_000)], false, /: 700 MB, at most 400 on/],
  ['cost', 'more than that on one day', [volume(300), volume(101)], true, /: 401 MB, at most 401 on/],
])('%s, %s', async (name, _what, rows, pain, says) => {
  const { readEvidenceQueries } = await importOperator('../tools/assess/evidence-queries.ts');
  const { query } = readEvidenceQueries(defaults).find((each: { name: string }) => each.name === name);
  const [row] = (await tables.run(query, rows)).rows;
  expect(row).toEqual({ pain, says: expect.stringMatching(says) });
});

test('telemetry that takes more than half of the budget hurts', async () => {
  const { readEvidenceQueries } = await importOperator('../tools/assess/evidence-queries.ts');
  // 30 of 7 days, less what is free, at 2.3 a GB: 11.6 a month.
  const rows = Array.from({ length: 6 }, (_, day) => volume(390, 60 + day * 1_440));
  const ask = async (monthlyBudget: number) => {
    const queries = readEvidenceQueries({ ...defaults, cost: { ...defaults.cost, monthlyBudget } });
    return (await tables.run(queries.find((each: { name: string }) => each.name === 'cost').query, rows)).rows[0];
  };
  expect(await ask(24)).toMatchObject({ pain: false });
  expect(await ask(23)).toMatchObject({
    pain: true,
    says: expect.stringContaining('a month costs about 11 USD of a budget of 23'),
  });
});
