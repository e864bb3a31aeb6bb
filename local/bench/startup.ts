import { runSubject } from './run-subject.ts';
import { median, spread } from './statistics.ts';
import { type Subject, subjects } from './subjects.ts';

/** Medians over the rounds: milliseconds from the first instruction to listening, resident memory at that moment. */
export interface StartupResult {
  subject: string;
  listeningAfterMs: number;
  spread: number;
  residentMb: number;
  ratio?: number;
}

const distro = 'distro, its defaults';
const started: readonly Subject[] = subjects.filter(({ name }) => !name.includes('100 %'));

/** Each round starts every subject once. `ratio` compares with the distribution's own defaults. */
export async function measureStartup(options: {
  sink: string;
  rounds: number;
  told: (line: string) => void;
}): Promise<StartupResult[]> {
  const { sink, rounds, told } = options;
  const samples = new Map<string, { ms: number; mb: number }[]>(started.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    told(`startup, ${round === 0 ? 'warming the file cache' : `round ${round} of ${rounds}`}`);
    for (const subject of started) {
      const running = await runSubject(subject, sink);
      const { residentBytes } = await running.usage().finally(running.stop);
      if (round > 0) samples.get(subject.name)?.push({ ms: running.listeningAfterMs, mb: residentBytes / 2 ** 20 });
    }
  }
  const times = (name: string) => (samples.get(name) ?? []).map(({ ms }) => ms);
  return started.map(({ name }) => ({
    subject: name,
    listeningAfterMs: median(times(name)),
    spread: spread(times(name)),
    residentMb: median((samples.get(name) ?? []).map(({ mb }) => mb)),
    ...(name.startsWith('level') && { ratio: median(times(name)) / median(times(distro)) }),
  }));
}
