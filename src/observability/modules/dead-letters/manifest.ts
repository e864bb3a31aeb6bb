import { z } from 'zod';
import { wholeNumber } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';

export const retrySection = z
  .strictObject({
    attempts: wholeNumber(1, 5, 'Attempts in all.'),
    firstDelaySeconds: wholeNumber(1, 5, 'Delay before the second attempt, in seconds.'),
    factor: wholeNumber(1, 3, 'Each delay is this many times the one before.'),
    capSeconds: wholeNumber(1, 900, 'The longest delay, in seconds.'),
    maxReplays: wholeNumber(0, 1, 'Replays from the dead-letter queue before a message is parked.'),
    giveUpAfterHours: wholeNumber(
      1,
      72,
      'Age at which a message that still fails is dead-lettered, however few its attempts, in hours.',
    ),
  })
  .describe('Retries of failed messages.');

export const manifest = {
  name: 'dead-letters',
  level: 2,
  answers: 'What happens to a message that fails, and does it come back?',
  needs: ['structured-logs'],
  section: { key: 'retry', schema: retrySection },
} satisfies ModuleManifest;
