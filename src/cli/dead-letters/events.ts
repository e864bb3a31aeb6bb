import { defineEvents } from '../../observability/events.ts';

const fields = {
  messageId: 'string',
  fileId: 'string',
  source: 'string',
  reason: 'string',
  actor: 'string',
  replayId: 'string',
} as const;

/** What is recorded from level 3 on of what people do to dead letters. */
export const events = defineEvents('dead-letters', {
  replayed: { ...fields, inPlace: 'boolean' },
  parked: fields,
  purged: fields,
});
