import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import type { StandIns } from './stand-ins.ts';

const entry = resolve(import.meta.dirname, '../../../src/cli/dead-letters.ts');

export interface CommandEnding {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run dead-letters` as it runs in the image: everything it needs is in the environment of the service. */
export function runDeadLetters(
  { serviceBus, insights, destination }: Pick<StandIns, 'serviceBus' | 'insights' | 'destination'>,
  { config, line, env: more = {} }: { config: object; line: string; env?: Record<string, string> },
): Promise<CommandEnding> {
  const env = {
    PATH: process.env.PATH,
    OBSERVABILITY_CONFIG: JSON.stringify(config),
    SERVICEBUS_CONNECTION_STRING: serviceBus.connectionString,
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.connectionString,
    FILE_ROUTER_DESTINATION_URL: destination.url,
    ...more,
  };
  return new Promise((done) => {
    execFile(process.execPath, [entry, ...line.split(' ')], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      done({ code, stdout, stderr });
    });
  });
}
