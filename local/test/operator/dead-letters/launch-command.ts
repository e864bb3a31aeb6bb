import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fixtureBusiness } from '../../fixture-business.ts';
import type { StandIns } from '../../service/stand-ins.ts';

const operator = resolve(import.meta.dirname, '../../../../operator');
export const entry = join(operator, 'dead-letters.ts');

export interface CommandEnding {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run dead-letters` with everything that it needs in the variables of the service, as for a namespace in Azure. */
export function launchCommand(
  {
    serviceBus,
    insights,
    business = fixtureBusiness,
  }: Pick<StandIns, 'serviceBus' | 'insights'> & Partial<Pick<StandIns, 'business'>>,
  { config, line, env: more = {} }: { config: object; line: string; env?: Record<string, string> },
): Promise<CommandEnding> {
  const env = {
    PATH: process.env.PATH,
    OBSERVABILITY_CONFIG: JSON.stringify(config),
    SERVICEBUS_CONNECTION_STRING: serviceBus.connectionString,
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.connectionString,
    ...more,
  };
  const preloads = business.preload.flatMap((file) => ['--import', pathToFileURL(file).href]);
  return new Promise((done) => {
    execFile(process.execPath, [...preloads, entry, ...line.split(' ')], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
      done({ code, stdout, stderr });
    });
  });
}
