import { z } from 'zod';
import type { ModuleManifest } from '../../module.ts';

const samplingSection = z.strictObject({
  percent: z
    .literal([1, 2, 4, 5, 10, 20, 25, 50, 100])
    .default(100)
    .describe('Share of requests and calls that is kept. Divisors of 100 only: ItemCount stays a whole number.'),
});

export const manifest = {
  name: 'application-insights',
  level: 1,
  answers: 'Is it up, how fast is it, and what failed?',
  needs: [],
  section: { key: 'sampling', schema: samplingSection },
} satisfies ModuleManifest;
