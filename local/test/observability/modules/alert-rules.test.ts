import { expect, test } from 'vitest';
import { firedBy, rowAt } from '../../../alerts/fired-by.fixture.ts';
import type { Row } from '../../../application-insights/index.ts';

/** Calls of a dependency, of which some failed. */
const calls = (at: number, Target: string, count: number, failed: number, columns: object = {}): Row[] =>
  Array.from({ length: count }, (_, index) =>
    rowAt('AppDependencies', at, {
      ...{ Target, DependencyType: 'Http', Data: 'http://a.example', ItemCount: 1, Success: index >= failed },
      ...columns,
    }),
  );

test.each([
  ['more than one call in five fails', calls(1, 'a.example', 100, 21), ['a.example']],
  ['one call in five fails', calls(14, 'a.example', 100, 20), []],
  ['it failed before the window', calls(-1, 'a.example', 100, 100), []],
  ['it is no call', calls(14, 'a.example', 100, 100, { DependencyType: 'InProc' }), []],
  ['the exporter sends again', calls(14, 'a.example', 100, 100, { Data: 'https://b.example/v2.1/track' }), []],
  ['a probe fails', calls(14, 'a.example', 100, 100, { SyntheticSource: 'probe' }), []],
  ['one of two targets fails', [...calls(14, 'a.example', 20, 20), ...calls(14, 'b.example', 200, 0)], ['a.example']],
  [
    'two targets fail',
    [...calls(14, 'a.example', 20, 9), ...calls(14, 'b.example', 20, 9)],
    ['a.example', 'b.example'],
  ],
])('%s: the rule dependency-failing', async (_what, rows, series) => {
  expect(await firedBy('dependency-failing', { at: 15, rows })).toEqual(series);
});

/** Requests, of which some were answered with 500; a row stands for ten of them. */
const requests = (at: number, AppRoleName: string, count: number, failed: number, columns: object = {}): Row[] =>
  [
    { ResultCode: '200', ItemCount: count - failed },
    { ResultCode: '500', ItemCount: failed },
  ]
    .filter(({ ItemCount }) => ItemCount > 0)
    .map((of) => rowAt('AppRequests', at, { AppRoleName, Success: of.ResultCode === '200', ...of, ...columns }));

// The objective leaves 0.5 % of failures: 7.2 % burn 14.4 times that.
test.each([
  ['the hour and its last ten minutes burn', [...requests(1, 'api', 900, 70), ...requests(59, 'api', 100, 8)], ['api']],
  ['7.2 % fail', [...requests(1, 'api', 900, 64), ...requests(59, 'api', 100, 8)], []],
  ['only the last ten minutes burn', [...requests(1, 'api', 9000, 0), ...requests(59, 'api', 100, 90)], []],
  ['the first minutes alone burn', [...requests(1, 'api', 900, 90), ...requests(59, 'api', 100, 0)], []],
  ['probes fail', requests(59, 'api', 100, 90, { SyntheticSource: 'probe' }), []],
  ['callers ask for what is not there', requests(59, 'api', 100, 90, { ResultCode: '404' }), []],
  ['one of two roles burns', [...requests(59, 'api', 100, 20), ...requests(59, 'worker', 900, 0)], ['api']],
])('%s: the rule error-budget-fast', async (_what, rows, series) => {
  expect(await firedBy('error-budget-fast', { at: 60, rows })).toEqual(series);
});
