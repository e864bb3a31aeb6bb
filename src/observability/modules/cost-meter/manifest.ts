import { wholeNumber } from '../../../config/settings.ts';
import type { ModuleManifest } from '../../module.ts';

export const manifest = {
  name: 'cost-meter',
  level: 3,
  answers: 'How much telemetry does this replica send, to which tables, and what will it cost?',
  needs: ['application-insights'],
  variables: {
    MAX_REPLICAS: wholeNumber('How many replicas share `cost.dailyCapMb` at most. `infra` sets it.', 1, 1, 1_000),
  },
} satisfies ModuleManifest;
