import { z } from 'zod';
import { findInfraFile } from '../../../config/infra-file.ts';
import { type JsonSource, readJsonFile } from '../../../config/json-file.ts';

/** Of a GB, and how many GB a month are free. The other prices are for the deployment guide. */
const telemetry = z.object({ price: z.number().min(0), free: z.number().min(0).default(0) });
const file = z.object({ currency: z.string(), prices: z.object({ telemetry }) });

export type TelemetryPrice = ReturnType<typeof readTelemetryPrice>;

/** Reads `infra/prices.json`. Throws when it is missing, and `ConfigError` with all its faults. */
export function readTelemetryPrice(source: JsonSource = { name: findInfraFile('prices.json') }) {
  const { currency, prices } = readJsonFile(source, file);
  return { currency, ...prices.telemetry };
}
