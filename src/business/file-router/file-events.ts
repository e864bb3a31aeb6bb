import { defineEvents } from '../../observability/events.ts';

/**
 * The steps of a file. Numbers become measurements, the rest properties. They contain no file name, because names may
 * hold personal data. `ageMs` counts from the time when the queue took the file.
 */
export const fileEvents = defineEvents('file-router', {
  accepted: {
    when: 'a file is valid, before it is sent to the queue',
    fields: { fileId: 'string', contentType: 'string', bytes: 'bytes' },
  },
  queued: { when: 'the queue has accepted a file', fields: { fileId: 'string', durationMs: 'milliseconds' } },
  attempted: { when: 'an attempt to route a file begins', fields: { fileId: 'string', attempt: 'number' } },
  delivered: {
    when: 'the destination has accepted a file',
    fields: { fileId: 'string', destination: 'string', attempt: 'number', bytes: 'bytes', ageMs: 'milliseconds' },
  },
  deadLettered: {
    when: 'a file has been given up',
    fields: { fileId: 'string', reason: 'string', ageMs: 'milliseconds' },
  },
});
