import { expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { createContainerLogs } from './container-logs.ts';

function setUp() {
  const rows: Row[] = [];
  const keep = (row: Row) => void rows.push(row);
  const logs = createContainerLogs(keep, () => new Date('2026-11-22T10:00:00Z'));
  return { logs, of: (table: string) => rows.filter(({ Type }) => Type === table) };
}

test('each line of either stream is a row, also one that comes in pieces or has no end', () => {
  const { logs, of } = setUp();
  logs.started('shop');
  const text = Buffer.from('{"a":"ü"}\r\n\n  \nsecond');
  logs.output(text.subarray(0, 7), 'stdout');
  logs.output(Buffer.from('warning\n'), 'stderr');
  logs.output(text.subarray(7), 'stdout');
  logs.ended('exit code 0', true);
  const found = of('ContainerAppConsoleLogs');
  expect(found.map(({ Stream, Log }) => [Stream, Log])).toEqual([
    ['stderr', 'warning'],
    ['stdout', '{"a":"ü"}'],
    ['stdout', 'second'],
  ]);
  expect(found[0]).toMatchObject({
    TimeGenerated: '2026-11-22T10:00:00.000Z',
    ContainerAppName: 'shop',
    ContainerName: 'shop',
    RevisionName: 'shop--0000001',
  });
});

test('each process is a revision, and its end says whether it was asked for and with which code', () => {
  const { logs, of } = setUp();
  for (const [ending, asked] of [
    ['exit code 3', false],
    ['signal SIGKILL', false],
    ['spawn nothing ENOENT', false],
    ['exit code 0', true],
  ] as const) {
    logs.started('shop');
    logs.ended(ending, asked);
  }
  const rows = of('ContainerAppSystemLogs');
  expect(rows.map(({ RevisionName, Reason }) => `${RevisionName} ${Reason}`)).toEqual([
    'shop--0000001 ContainerStarted',
    'shop--0000001 ContainerTerminated',
    ...[2, 3, 4].flatMap((n) =>
      ['RevisionUpdate', 'ContainerStarted', 'ContainerTerminated'].map((reason) => `shop--000000${n} ${reason}`),
    ),
  ]);
  const ends = rows.filter(({ Reason }) => Reason === 'ContainerTerminated').map(({ Log }) => Log);
  expect(ends).toEqual(
    [
      ['3', 'ProcessExited'],
      ['137', 'ProcessExited'],
      ['', 'ProcessExited'],
      ['0', 'ManuallyStopped'],
    ].map(([code, reason]) => `Container 'shop' was terminated with exit code '${code}' and reason '${reason}'`),
  );
});
