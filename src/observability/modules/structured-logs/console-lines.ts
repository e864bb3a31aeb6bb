import { type DestinationStream, destination, pino } from 'pino';
import type { ModuleContext } from '../../module.ts';
import type { Line } from './line.ts';

/**
 * Writes lines as JSON, by default to standard output and at once: what was logged before a crash has been written.
 * A reader who has gone is no reason to stop.
 */
export function createConsole(
  { name, version }: ModuleContext['service'],
  stream: DestinationStream = standardOutput(),
): (line: Line) => void {
  const logger = pino(
    {
      level: 'debug',
      customLevels: { debug: 20, info: 30, warning: 40, error: 50 },
      useOnlyCustomLevels: true,
      messageKey: 'message',
      timestamp: false,
      base: { service: name, version },
      formatters: { level: (label) => ({ severity: label }) },
    },
    stream,
  );
  return ({ time, severity, message, fields, ...named }) => logger[severity]({ time, ...named, ...fields }, message);
}

function standardOutput() {
  const stream = destination({ fd: 1, sync: true });
  stream.on('error', () => {});
  return stream;
}
