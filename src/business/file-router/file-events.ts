import { defineEvents } from '../../observability/events.ts';

/**
 * What the platform does not tell of a file; it tells what happens to its message, whose id is the file id. They contain no
 * file name, because names may hold personal data. `ageMs` counts from the time when the queue took the file.
 */
export const fileEvents = defineEvents('file-router', {
  accepted: {
    when: 'a file is valid, before it is sent to the queue',
    fields: { fileId: 'string', contentType: 'string', bytes: 'bytes' },
  },
  delivered: {
    when: 'the destination has accepted a file',
    fields: { fileId: 'string', destination: 'string', attempt: 'number', bytes: 'bytes', ageMs: 'milliseconds' },
  },
});
