import { httpTable, samplingTable, startupTable, unheardTable } from './bench-report.ts';
import { measureHttp } from './http.ts';
import { ingestionHolds, ingestionTable } from './ingestion/ingestion-report.ts';
import { measureIngestion } from './ingestion/measure-ingestion.ts';
import { kqlTable, measureKql } from './kql/measure-kql.ts';
import { measurePage } from './page/measure-page.ts';
import { pagesHold, pageTable } from './page/page-report.ts';
import { measureSampling } from './sampling.ts';
import { startSink } from './sink.ts';
import { measureStartup } from './startup.ts';
import { measureUnheard } from './unheard-events.ts';
import { measureVolume } from './volume/measure-volume.ts';
import { recordVolume } from './volume/record-volume.ts';
import { boundsTable, volumeNote, volumeTable } from './volume/volume-report.ts';

export interface BenchOptions {
  rounds: number;
  seconds: number;
  messages: number;
  requests: number;
  rows: number;
  record: boolean;
  told: (line: string) => void;
}

/** What one bench found: for `--json`, and for people. */
export interface Measured {
  result: unknown;
  tables: readonly string[][][];
  /** A sentence for people below the tables. */
  note?: string;
  /** Whether something promised does not hold. */
  broken?: boolean;
}

interface Bench {
  /** Whether it compares with the packages of `local/bench/package.json`. */
  needsPeers: boolean;
  measure(options: BenchOptions): Promise<Measured>;
}

/** What `npm run bench` can measure, by name. */
export const benches: Readonly<Record<string, Bench>> = {
  http: {
    needsPeers: true,
    async measure(options) {
      const result = await withSink((sink) => measureHttp({ ...options, sink }));
      return { result, tables: [httpTable(result)] };
    },
  },
  startup: {
    needsPeers: true,
    async measure(options) {
      const result = await withSink((sink) => measureStartup({ ...options, sink }));
      return { result, tables: [startupTable(result)] };
    },
  },
  events: {
    needsPeers: false,
    async measure() {
      const result = measureUnheard();
      return { result, tables: [unheardTable(result)] };
    },
  },
  volume: {
    needsPeers: false,
    async measure(options) {
      const result = await measureVolume(options);
      const { results, bounds } = result;
      if (options.record)
        options.told(`written: ${await recordVolume(results, new Date().toISOString().slice(0, 10))}`);
      const tables = [volumeTable(results), boundsTable(bounds)];
      return {
        result,
        tables,
        note: volumeNote,
        broken: bounds.some(({ measured, bound }) => !(measured <= bound)),
      };
    },
  },
  ingestion: {
    needsPeers: false,
    async measure({ rows, told }) {
      const result = await measureIngestion(rows, told);
      return { result, tables: [ingestionTable(result)], broken: !ingestionHolds(result) };
    },
  },
  kql: {
    needsPeers: false,
    async measure({ rows, told }) {
      const result = await measureKql(rows, told);
      const broken = !result.sum.holds || result.queries.some(({ holds }) => !holds);
      return { result, tables: [kqlTable(result)], broken };
    },
  },
  page: {
    needsPeers: false,
    async measure({ rows, rounds, told }) {
      const result = await measurePage(rows, rounds, told);
      return { result, tables: [pageTable(result)], broken: !pagesHold(result.pages) };
    },
  },
  sampling: {
    needsPeers: false,
    async measure({ requests, told }) {
      const result = await measureSampling(requests, told);
      const { counted, bound, failures, countedFailures } = result;
      const broken = Math.abs(counted / requests - 1) > bound || failures !== countedFailures;
      return { result, tables: [samplingTable(result)], broken };
    },
  },
};

async function withSink<T>(measure: (sink: string) => Promise<T>): Promise<T> {
  const sink = await startSink();
  return measure(sink.url).finally(sink.stop);
}
