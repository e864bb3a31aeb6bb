import sonicBoom from 'sonic-boom';
import type { SetUp } from '../../module.ts';
import { createLine, formatLine } from './line.ts';
import type { manifest } from './manifest.ts';
import { emitLine } from './telemetry-lines.ts';

/** Turns each record into one redacted line, in Application Insights and on standard output as `logs.console` says. */
export const setUp: SetUp<typeof manifest> = ({ section, service, settings }) => {
  const ships = settings.applicationInsights !== undefined;
  const { console: wanted = ships && !process.stdout.isTTY ? 'warnings' : 'all' } = section;
  // Writes at once: `process.stdout` keeps in memory what a full pipe does not take, and a crash would lose it.
  const output = new sonicBoom.SonicBoom({ fd: 1, sync: true, maxLength: 1_000_000 });
  // The reader of standard output has gone. The service goes on; lines beyond `maxLength` are dropped.
  output.on('error', () => {});

  return {
    logSinks: [
      (record) => {
        const line = createLine(record);
        const taken = emitLine(line);
        const isLoud = record.severity === 'warning' || record.severity === 'error';
        if (wanted === 'all' || isLoud || (ships && !taken)) output.write(formatLine(line, service));
      },
    ],
  };
};
