import { defineEvents } from '../../observability/events.ts';

/**
 * What the platform does not tell of a file. It tells every step of the file's message, whose id is the file id, and each
 * event costs a row: none repeats it. They contain no file name, because names may hold personal data.
 */
export const fileEvents = defineEvents('file-router', {
  storedNowhere: {
    when: 'a file has a destination, and the service has no address of the destinations: the file is gone',
    fields: { fileId: 'string', destination: 'string', bytes: 'bytes' },
  },
});
