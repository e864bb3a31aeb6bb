import type { SetUp } from '../../module.ts';
import { createConsole } from './console-lines.ts';
import { createLine } from './line.ts';
import type { manifest } from './manifest.ts';
import { emitLine } from './telemetry-lines.ts';

const isLoud = { debug: false, info: false, warning: true, error: true };

/** Every record becomes one redacted line: in Application Insights, and on standard output as `logs.console` says. */
export const setUp: SetUp<typeof manifest> = ({ section, service, settings }) => {
  const write = createConsole(service);
  const ships = settings.applicationInsights !== undefined;
  const { console: wanted = ships && !process.stdout.isTTY ? 'warnings' : 'all' } = section;

  return {
    logSinks: [
      (record) => {
        const line = createLine(record);
        const taken = emitLine(line);
        if (wanted === 'all' || isLoud[record.severity] || (ships && !taken)) write(line);
      },
    ],
  };
};
