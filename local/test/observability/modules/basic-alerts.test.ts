import { expect, test } from 'vitest';
import { firedBy, rowAt } from '../../../alerts/fired-by.fixture.ts';

const ended = (app: string, minutes: readonly number[], reason = 'ProcessExited') =>
  minutes.map((at) =>
    rowAt('ContainerAppSystemLogs', at, {
      ContainerAppName: app,
      Reason: 'ContainerTerminated',
      Log: `Container '${app}' was terminated with exit code '1' and reason '${reason}'`,
    }),
  );

test.each([
  ['a container that ended four times in half an hour', ended('app', [0, 9, 19, 29]), ['app']],
  ['three times', ended('app', [9, 19, 29]), []],
  ['four times, once too long ago', ended('app', [-1, 9, 19, 29]), []],
  ['four times, because Azure stopped it', ended('app', [0, 9, 19, 29], 'ManuallyStopped'), []],
  ['four times, of two apps', [...ended('app', [0, 9]), ...ended('worker', [19, 29])], []],
])('%s: the rule restarts', async (_what, rows, series) => {
  expect(await firedBy('restarts', { at: 30, rows })).toEqual(series);
});
