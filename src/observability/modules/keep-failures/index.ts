import { metrics } from '@opentelemetry/api';
import type { SetUp } from '../../module.ts';
import { createProblemReport } from '../application-insights/sdk-diagnostics.ts';
import { putBeforeExporting } from './before-exporting.ts';
import { createHoldBack, type Limits } from './hold-back.ts';
import type { manifest } from './manifest.ts';
import { createWorthKeeping } from './worth-keeping.ts';

const exceeded: Readonly<Record<keyof Limits, string>> = {
  traces: 'too many traces are open at once',
  spans: 'too many spans of open traces are held',
  ageMs: 'one was open for too long',
};

/**
 * Keeps failed, slow and marked traces whole, whatever `sampling.percent` says; of the others it leaves the choice to the
 * sampler of `application-insights`. At 100 percent and without a connection string there is nothing to do.
 */
export const setUp: SetUp<typeof manifest> = ({ settings, slo, clock, log }) => ({
  // Runs after the SDK has started, because `application-insights` comes earlier in the registry.
  telemetry({ samplingRatio }) {
    if (settings.applicationInsights === undefined || samplingRatio === 1) return;
    const report = createProblemReport(log, clock);
    const early = metrics.getMeter('keep-failures').createCounter('sampling.early_decisions', {
      description: 'Traces for which it was decided before their end whether they are kept.',
    });
    const isWorthKeeping = createWorthKeeping(slo, clock);
    const decidedEarly = (limit: keyof Limits) => {
      early.add(1, { limit });
      report('warning', ['traces were decided before their end, and may not be whole:', exceeded[limit]]);
    };
    putBeforeExporting((exporting) => createHoldBack(exporting, { isWorthKeeping, decidedEarly, clock }));
  },
});
