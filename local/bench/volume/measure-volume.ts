import { randomBytes } from 'node:crypto';
import { localBusinesses } from '../../business/index.ts';
import type { OutgoingRequest } from '../../business/local-business.ts';
import { fixtureBusiness, type TestedBusiness } from '../../test/fixture-business.ts';
import { ownBusinesses } from '../../test/own-businesses.ts';
import { predictionBounds } from './prediction-bounds.ts';
import { type Counted, type MessageRun, runMessages } from './run-messages.ts';
import { explainedLevel, plainDistro, sampledLevel, usualMix, volumeSubjects } from './volume-subjects.ts';

export interface VolumeResult extends MessageRun {
  subject: string;
}

/** What DESIGN and the pages promise, with what was measured. */
export interface VolumeBound {
  what: string;
  measured: number;
  bound: number;
  unit: string;
}

/** Tables whose rows the sampler decides about, and those whose rows it never leaves out. */
const sampled = ['AppRequests', 'AppDependencies'];
const always = ['AppTraces', 'AppEvents'];

/** Runs the service in every way with the same requests, one way after the other. */
export async function measureVolume({
  messages,
  told,
}: {
  messages: number;
  told: (line: string) => void;
}): Promise<{ results: VolumeResult[]; bounds: VolumeBound[] }> {
  const business = await chooseBusiness();
  const results: VolumeResult[] = [];
  for (const subject of volumeSubjects) {
    told(`volume: ${subject.name}`);
    const requests = accepted(business, messages, subject.mix?.seed);
    results.push({ subject: subject.name, ...(await runMessages(subject, business, requests)) });
  }
  return { results, bounds: [...boundsOf(results), ...predictionBounds(results)] };
}

/** The business of this project that has a sample; without one, that of the tests. */
async function chooseBusiness(): Promise<TestedBusiness> {
  const own = localBusinesses.find(({ requests }) => requests?.sample);
  return own?.requests ? { ...(await ownBusinesses()), requests: own.requests } : fixtureBusiness;
}

/** So many requests of the sample that are to be accepted: those that are refused become no message. */
function* accepted({ requests }: TestedBusiness, messages: number, seed = usualMix.seed): Generator<OutgoingRequest> {
  const runId = randomBytes(8).toString('hex');
  let left = messages;
  for (const request of requests?.sample?.({ count: messages * 3, seed, runId }) ?? []) {
    if (request.expectedStatus !== undefined && request.expectedStatus >= 300) continue;
    if (left-- === 0) return;
    yield request;
  }
}

const sumOf = (tables: Readonly<Record<string, Counted>>, names: readonly string[]): number =>
  names.reduce((sum, name) => sum + (tables[name]?.bytes ?? 0), 0);

/** Bytes a message in these tables. */
const perMessage = (results: readonly VolumeResult[], subject: string, names: readonly string[]): number => {
  const { tables = {}, messages = 0 } = results.find((result) => result.subject === subject) ?? {};
  return sumOf(tables, names) / messages;
};

const boundsOf = (results: readonly VolumeResult[]): VolumeBound[] => [
  {
    what: `requests and calls at ${sampledLevel}, of those of the ${plainDistro}`,
    measured: perMessage(results, sampledLevel, sampled) / perMessage(results, plainDistro, sampled),
    bound: 0.1,
    unit: '',
  },
  {
    what: `events and lines a message at ${explainedLevel}, which are never sampled`,
    measured: perMessage(results, explainedLevel, always) / 1_000,
    bound: 1.8,
    unit: 'KB',
  },
];
