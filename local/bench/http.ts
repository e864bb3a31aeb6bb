import { load } from './bench-load.ts';
import { runSubject } from './run-subject.ts';
import { median, spread } from './statistics.ts';
import { type Subject, subjects } from './subjects.ts';

/** Medians over the rounds. CPU in microseconds a request by the process's own accounting, latencies in milliseconds. */
export interface HttpResult {
  subject: string;
  cpuMicros: number;
  cpuSpread: number;
  addedMicros?: number;
  addedRatio?: number;
  budget?: number;
  requestsPerSecond: number;
  p50: number;
  p99: number;
  residentMb: number;
  failed: number;
}

type Sample = Awaited<ReturnType<typeof measureOnce>>;

async function measureOnce(subject: Subject, sink: string, seconds: number) {
  const running = await runSubject(subject, sink);
  try {
    await load(running.url, { seconds: Math.max(1, seconds / 3) }); // compiled and warm before it counts
    const before = await running.usage();
    const result = await load(running.url, { seconds });
    const after = await running.usage();
    const cpuMicros = (after.cpuMicros - before.cpuMicros) / (after.requests - before.requests);
    return { ...result, cpuMicros, residentMb: after.residentBytes / 2 ** 20 };
  } finally {
    await running.stop();
  }
}

/** Each round runs every subject once, so that a machine that changes its pace changes it for all. */
export async function measureHttp(options: {
  sink: string;
  rounds: number;
  seconds: number;
  told: (line: string) => void;
}) {
  const { sink, rounds, seconds, told } = options;
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const subject of subjects) {
      told(`http, round ${round} of ${rounds}: ${subject.name}`);
      samples.get(subject.name)?.push(await measureOnce(subject, sink, seconds));
    }
  }
  return subjects.map((subject) => summarise(subject, samples));
}

function summarise(
  { name, baseline, comparedWith }: Subject,
  samples: ReadonlyMap<string, readonly Sample[]>,
): HttpResult {
  const of = (subject: string, key: keyof Sample) => (samples.get(subject) ?? []).map((sample) => sample[key]);
  const middle = (key: keyof Sample) => median(of(name, key));
  // Differences within a round, then their median: what slows a whole round down drops out.
  const added = (subject: string) =>
    median(of(subject, 'cpuMicros').map((cpu, round) => cpu - (of(baseline ?? '', 'cpuMicros')[round] ?? Number.NaN)));
  return {
    subject: name,
    cpuMicros: middle('cpuMicros'),
    cpuSpread: spread(of(name, 'cpuMicros')),
    ...(baseline !== undefined && { addedMicros: added(name) }),
    ...(comparedWith && { addedRatio: added(name) / added(comparedWith.name), budget: comparedWith.budget }),
    requestsPerSecond: middle('requestsPerSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
    residentMb: middle('residentMb'),
    failed: of(name, 'failed').reduce((sum, count) => sum + count, 0),
  };
}
