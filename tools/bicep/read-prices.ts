import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../../src/config/json-file.ts';

const price = z.strictObject({
  /** As a reader finds it in the price list. */
  meter: z.string().min(1),
  price: z.number().positive(),
  unit: z.enum(['vCPU-second', 'GiB-second', 'hour', 'day', 'month', 'GB', 'run']),
  /** Units a month that cost nothing. */
  free: z.number().positive().optional(),
  /** Where the figure was read, and when; "unverified" where it is only remembered. */
  source: z.string().min(1),
});

const byUse = z.strictObject({ idle: z.number().min(0), active: z.number().min(0) });

const priceFile = z.strictObject({
  region: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  collected: z.iso.date(),
  assumed: z.strictObject({
    /** Hours of a month. */
    hours: z.number().positive(),
    /** Queues, and subscriptions of topics: a metric rule that is split by entity has a time series for each. */
    entities: z.int().positive(),
    telemetryGb: byUse,
    consoleGb: byUse,
    /** Security events. */
    securityGb: byUse,
    /** Rows as they are exported, in JSON. */
    archivedGb: byUse,
    /** For how many months they are kept. */
    archivedMonths: z.int().positive(),
  }),
  prices: z.strictObject({
    vcpuActive: price,
    vcpuIdle: price,
    memory: price,
    registry: price,
    serviceBus: price,
    telemetry: price,
    console: price,
    logRule1: price,
    logRule5: price,
    logRule10: price,
    logRule15: price,
    metricSeries: price,
    learnedThreshold: price,
    availabilityRun: price,
    front: price,
    publicAddress: price,
    loadBalancer: price,
    sentinel: price,
    export: price,
    exportStorage: price,
  }),
});

export type PriceFile = z.output<typeof priceFile>;
export type PriceName = keyof PriceFile['prices'];

/** `infra/prices.json`. Throws `ConfigError` with all its faults. */
export const readPrices = (): PriceFile =>
  readJsonFile({ name: join(import.meta.dirname, '..', '..', 'infra', 'prices.json') }, priceFile);

/** What an amount of one meter costs, beyond what is free. */
export const costOf = ({ prices }: PriceFile, name: PriceName, amount: number): number =>
  Math.max(0, amount - (prices[name].free ?? 0)) * prices[name].price;
