import type { TokenCredential } from '@azure/core-auth';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { NotChecked } from './doctor-check.ts';

/**
 * Returns a function that tells whether a table of a workspace has a row of an operation. It throws `NotChecked` when
 * the workspace does not answer, such as without the role.
 */
export function openWorkspace(id: string, credential: TokenCredential) {
  const client = new LogsQueryClient(credential);
  return async (table: string, operation: string): Promise<boolean> => {
    const query = `${table} | where OperationId == "${operation}" | take 1`;
    const result = await client.queryWorkspace(id, query, { duration: 'PT1H' }).catch(refuse);
    return result.status === 'Success' && result.tables.some(({ rows }) => rows.length > 0);
  };
}

function refuse({ statusCode, message }: Error & { statusCode?: number }): never {
  const role = 'assign yourself the role "Log Analytics Reader" at the workspace';
  throw new NotChecked(statusCode === 403 ? role : `the workspace cannot be queried: ${message}`);
}
