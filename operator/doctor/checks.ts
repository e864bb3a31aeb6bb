import { arrivalChecks } from './arrival-checks.ts';
import { checkoutChecks } from './checkout-checks.ts';
import { configurationChecks } from './configuration-checks.ts';
import type { Check } from './doctor-check.ts';
import { ingestionChecks } from './ingestion-checks.ts';
import { serviceBusChecks } from './service-bus-checks.ts';
import { serviceChecks } from './service-checks.ts';

/** Every check, in the order in which they are done and shown. */
export const checks: readonly Check[] = [
  ...checkoutChecks,
  ...configurationChecks,
  ...serviceBusChecks,
  ...ingestionChecks,
  ...arrivalChecks,
  ...serviceChecks,
];
