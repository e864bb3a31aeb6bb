import { defineEvents } from '../../observability/events.ts';

/**
 * The steps of a file. Numbers become measurements, the rest properties. They contain no file name, because names may
 * hold personal data. `ageMs` counts from the time when the queue took the file.
 */
export const fileEvents = defineEvents('file-router', {
  accepted: { fileId: 'string', contentType: 'string', bytes: 'number' },
  queued: { fileId: 'string', durationMs: 'number' },
  attempted: { fileId: 'string', attempt: 'number' },
  delivered: { fileId: 'string', destination: 'string', attempt: 'number', bytes: 'number', ageMs: 'number' },
  deadLettered: { fileId: 'string', reason: 'string', ageMs: 'number' },
});
