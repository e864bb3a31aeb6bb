import { z } from 'zod';
import { wholeNumber } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';

const heartbeatSection = z
  .strictObject({ everySeconds: wholeNumber(1, 300, 'Seconds between two heartbeats of a replica.', 300) })
  .describe('The sign of life of each replica.');

export const manifest = {
  name: 'heartbeat',
  level: 4,
  answers: 'Does every replica live, and does a worker take messages even when none come?',
  needs: ['application-insights', 'custom-events'],
  section: { key: 'heartbeat', schema: heartbeatSection },
} satisfies ModuleManifest;
