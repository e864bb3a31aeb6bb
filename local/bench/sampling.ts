import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { type ApplicationInsights, startApplicationInsights } from '../application-insights/index.ts';
import { runSubject } from './run-subject.ts';
import { starterSubject } from './subjects.ts';

/** What the sender counted beside what the rows say: the sum of ItemCount. */
export interface SamplingResult {
  percent: number;
  requests: number;
  counted: number;
  /** How far `counted` may be off, as a share: 3·√((1-p)/(p·n)). */
  bound: number;
  failures: number;
  countedFailures: number;
  rows: number;
  seconds: number;
}

const percent = 5;
const connections = 32;
/** One of so many requests fails. */
const failingEvery = 100;
const quietMs = 5_000;

/** Sends so many requests over HTTP to the service at level 3, and counts what reaches the ingestion endpoint. */
export async function measureSampling(requests: number, told: (line: string) => void): Promise<SamplingResult> {
  const insights = await startApplicationInsights();
  // A slow request would be kept whole, and a loaded machine makes many slow.
  const config = { level: 3, sampling: { percent }, slo: { latencyMs: 60_000 } };
  const { args, env } = starterSubject(config);
  const subject = { name: `level 3, ${percent} %`, args, env: { ...env, OTEL_BSP_SCHEDULE_DELAY: '1000' } };
  const running = await runSubject(subject, insights.url);
  try {
    told(`sampling: ${requests} requests over HTTP`);
    const startedAt = performance.now();
    const failures = await send(new URL(running.url), requests);
    const seconds = (performance.now() - startedAt) / 1_000;
    await allArrived(insights);
    const rows = insights.rows('AppRequests');
    const sum = (some: typeof rows) => some.reduce((total, { ItemCount }) => total + Number(ItemCount), 0);
    const share = percent / 100;
    return {
      percent,
      requests,
      counted: sum(rows),
      bound: 3 * Math.sqrt((1 - share) / (share * requests)),
      failures,
      countedFailures: sum(rows.filter(({ Success }) => Success === false)),
      rows: rows.length,
      seconds,
    };
  } finally {
    await running.stop();
    await insights.stop();
  }
}

/** Resolves with the number of requests that were answered with 500. Throws on any other answer than that and 200. */
async function send({ hostname, port }: URL, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let sent = 0;
  let failures = 0;
  const ask = (path: string) =>
    new Promise<number | undefined>((answered, failed) => {
      get({ agent, hostname, port, path }, (response) => {
        response.resume().once('end', () => answered(response.statusCode));
      }).once('error', failed);
    });
  async function work(): Promise<void> {
    while (sent < requests) {
      const fails = ++sent % failingEvery === 0;
      const status = await ask(fails ? '/broken' : `/items/${sent}`);
      if (status !== (fails ? 500 : 200)) throw new Error(`A request was answered with ${status}.`);
      if (fails) failures++;
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, work));
  } finally {
    agent.destroy();
  }
  return failures;
}

/** The exporter sends what it holds every second. */
async function allArrived(insights: ApplicationInsights): Promise<void> {
  const received = () => insights.counts().AppRequests.received;
  for (let last = -1; last !== received(); await wait(quietMs)) last = received();
}
