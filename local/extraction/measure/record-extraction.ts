import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extractionFile, extractionText, type RecordedExtraction } from '../../../tools/generate/extraction-page.ts';
import { jsonText } from '../../../tools/generate/json-text.ts';
import type { DrilledCheckout } from '../../drills/drilled-checkout.ts';
import { configurationOfDrill, drilledCampaign, drilledRequests, drilledSeed } from '../drill/drilled-campaign.ts';
import { drilledDays } from '../drill/drilled-days.ts';
import { throughService } from '../service/through-service.ts';
import { compareAggregator } from './compare-aggregator.ts';
import { seeds } from './grid.ts';
import { cellsInAll, type MeasuredGrid, meanOf, measureGrid } from './measure-grid.ts';
import { summarizeGrid } from './summarize-grid.ts';

const comparedCalls = 1_000_000;
const highestLevel = 5;

/** Measures the rules on the whole grid and writes `docs/extraction.json`; answers the page as text. `told` hears of the part done. */
export async function recordExtraction(checkout: DrilledCheckout, told: (share: number) => void): Promise<string> {
  let done = 0;
  const measured = await measureGrid(() => told(++done / cellsInAll));
  return writeExtraction(checkout, measured);
}

/** Holds the rows against those of the service, and writes what was measured. */
export async function writeExtraction(checkout: DrilledCheckout, measured: MeasuredGrid): Promise<string> {
  const [seed = 0] = seeds.measuring;
  const aggregator = compareAggregator(seed, drilledCampaign, comparedCalls);
  const { calls } = drilledDays(drilledSeed, drilledCampaign, drilledRequests);
  const { rows, different } = await throughService(checkout, configurationOfDrill(checkout.root, highestLevel), calls);
  const [first] = measured.measured;
  const recorded: RecordedExtraction = {
    recordedOn: new Date().toISOString().slice(0, 10),
    seeds: { fixing: endsOf(seeds.fixing), measuring: endsOf(seeds.measuring) },
    honest: {
      accounts: first?.honestAccounts ?? 0,
      calls: Math.round(meanOf(measured.measured.map(({ honestCalls }) => honestCalls))),
    },
    compared: { aggregator, http: { calls: calls.length, rows, different } },
    rules: summarizeGrid(measured),
  };
  await writeFile(join(checkout.root, extractionFile), jsonText(recorded));
  return extractionText(recorded);
}

const endsOf = (range: readonly number[]): readonly [number, number] => [range[0] ?? 0, range.at(-1) ?? 0];
