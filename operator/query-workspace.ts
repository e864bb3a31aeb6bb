import type { TokenCredential } from '@azure/core-auth';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { CommandRefused } from './command-refused.ts';

export type QueryWorkspace = ReturnType<typeof openWorkspace>;

/**
 * Returns a function that runs a query in a Log Analytics workspace and returns its rows. `duration` is ISO 8601. It
 * throws `CommandRefused` when the workspace does not answer in full, such as without the role.
 */
export function openWorkspace(id: string, credential: TokenCredential) {
  const client = new LogsQueryClient(credential);
  return async (query: string, duration: string): Promise<readonly unknown[][]> => {
    const result = await client.queryWorkspace(id, query, { duration }).catch(refuse);
    return result.status === 'Success' ? result.tables.flatMap(({ rows }) => rows) : refuse(result.partialError);
  };
}

function refuse({ statusCode, message }: { statusCode?: number; message: string }): never {
  const role = 'assign yourself the role "Log Analytics Reader" at the workspace';
  throw new CommandRefused(statusCode === 403 ? role : `the workspace cannot be queried: ${message}`);
}
