import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Seen {
  /** Whether the package was loaded before the application asked for it. */
  loaded: boolean;
  warnings: readonly string[];
  /** What an SDK of Azure has reported at the end. */
  reports: readonly string[];
  spans: readonly { name: string; attributes: object }[];
  /** The attributes of the log records of all that is no span and no metric. */
  records: readonly object[];
  /** How many functions wait for uncaught exceptions and unhandled rejections. */
  hooks: number;
  /** Of a span that the service begins afterwards. */
  traceId?: string;
}

/**
 * Runs an application that starts the package `applicationinsights` twice, sets properties, tracks with two clients and
 * ends the package in between, with `application-insights` and the named modules. At the end an SDK of Azure warns.
 * `ships` is false for a service without a connection string.
 */
export async function runClassicApplication({ ships = true, add = [] as string[] } = {}): Promise<Seen> {
  const program = join(import.meta.dirname, 'classic-application.fixture.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    ships ? 'ships' : 'keeps',
    'application-insights',
    ...add,
  ]);
  return JSON.parse(stdout);
}
