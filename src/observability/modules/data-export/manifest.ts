import { z } from 'zod';
import { wholeNumber } from '../../../config/sections.ts';
import type { ModuleManifest } from '../../module.ts';

const dataExportSection = z
  .strictObject({
    immutableDays: wholeNumber(1, 365, 'Days for which an exported row cannot be changed or deleted.', 146_000),
    locked: z
      .boolean()
      .default(false)
      .describe('Whether that holds for good. It cannot be undone, and needs a provision with false before.'),
  })
  .describe('The rows that an auditor asks for, in storage that does not change.');

/** Lives in `infra/observability/data-export` alone. */
export const manifest = {
  name: 'data-export',
  level: 5,
  answers: 'Do the rows that an auditor asks for still exist, unchanged?',
  needs: ['application-insights'],
  section: { key: 'dataExport', schema: dataExportSection },
} satisfies ModuleManifest;
