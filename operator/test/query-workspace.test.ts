import { LogsQueryClient, type LogsQueryResult } from '@azure/monitor-query-logs';
import { afterEach, expect, test, vi } from 'vitest';
import { openWorkspace } from '../query-workspace.ts';

const credential = { getToken: async () => null };

afterEach(() => {
  vi.restoreAllMocks();
});

/** There is no workspace on this machine: the client's method answers as a workspace would. */
function answering(answer: () => Promise<LogsQueryResult>) {
  const asked = vi.spyOn(LogsQueryClient.prototype, 'queryWorkspace').mockImplementation(answer);
  return { query: openWorkspace('a workspace', credential), asked };
}

const rows = (count: number) =>
  ({
    status: 'Success',
    tables: [{ name: 'PrimaryResult', columnDescriptors: [], rows: Array(count).fill(['x']) }],
  }) as LogsQueryResult;

test('it answers the rows of all tables', async () => {
  const { query, asked } = answering(async () => rows(2));
  expect(await query('AppTraces | take 2', 'PT1H')).toEqual([['x'], ['x']]);
  expect(asked).toHaveBeenCalledExactlyOnceWith('a workspace', 'AppTraces | take 2', { duration: 'PT1H' });
});

test('without the role the refusal names it', async () => {
  const { query } = answering(() => Promise.reject(Object.assign(new Error('forbidden'), { statusCode: 403 })));
  await expect(query('AppTraces', 'PT1H')).rejects.toThrow(
    expect.objectContaining({ name: 'CommandRefused', message: expect.stringContaining('"Log Analytics Reader"') }),
  );
});

test('a part of the rows is no answer', async () => {
  const partial = {
    status: 'PartialFailure',
    partialTables: [],
    partialError: { name: 'x', code: 'x', message: 'half' },
  };
  const { query } = answering(async () => partial as LogsQueryResult);
  await expect(query('AppTraces', 'PT1H')).rejects.toThrow('the workspace cannot be queried: half');
});
