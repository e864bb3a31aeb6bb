import { z } from 'zod';
import { text } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';

const correlationSection = z
  .strictObject({
    header: text(
      (error) => z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, error),
      'a valid name of an HTTP header, of at most 64 characters',
      'The HTTP header that carries the correlation id.',
      'x-correlation-id',
    ),
  })
  .describe('Correlation of one message through all its steps.');

export const manifest = {
  name: 'correlation',
  level: 2,
  answers: 'What happened to this message, from the request to its last delivery?',
  needs: ['application-insights'],
  section: { key: 'correlation', schema: correlationSection },
} satisfies ModuleManifest;
