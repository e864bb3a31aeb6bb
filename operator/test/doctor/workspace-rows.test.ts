import { LogsQueryClient, type LogsQueryResult } from '@azure/monitor-query-logs';
import { afterEach, expect, test, vi } from 'vitest';
import { openWorkspace } from '../../doctor/workspace-rows.ts';

const credential = { getToken: async () => null };

afterEach(() => {
  vi.restoreAllMocks();
});

/** There is no workspace on this machine: the client's method answers as a workspace would. */
function answering(answer: () => Promise<LogsQueryResult>) {
  const asked = vi.spyOn(LogsQueryClient.prototype, 'queryWorkspace').mockImplementation(answer);
  return { has: openWorkspace('a workspace', credential), asked };
}

const rows = (count: number) =>
  ({
    status: 'Success',
    tables: [{ name: 'PrimaryResult', columnDescriptors: [], rows: Array(count).fill(['x']) }],
  }) as LogsQueryResult;

test.each([
  [true, 1],
  [false, 0],
])('it answers %s when the workspace has %i rows of the operation', async (answer, count) => {
  const { has, asked } = answering(async () => rows(count));
  expect(await has('AppTraces', 'abc')).toBe(answer);
  const query = 'AppTraces | where OperationId == "abc" | take 1';
  expect(asked).toHaveBeenCalledExactlyOnceWith('a workspace', query, { duration: 'PT1H' });
});

test('without the role the report names it', async () => {
  const { has } = answering(() => Promise.reject(Object.assign(new Error('forbidden'), { statusCode: 403 })));
  await expect(has('AppTraces', 'abc')).rejects.toThrow(
    expect.objectContaining({ name: 'NotChecked', message: expect.stringContaining('"Log Analytics Reader"') }),
  );
});
