import { Agent, request } from 'node:http';
import { type TelemetryBatch, telemetryBatches } from './telemetry-batches.ts';

const connections = 4;

/** Sends so many rows to an ingestion endpoint and answers how many of which table were accepted. Throws on any other answer than 200. */
export async function sendBatches(url: string, count: number): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const batches = telemetryBatches(count);
  const sent: Record<string, number> = {};
  const work = async () => {
    for (const { body, rows } of batches) {
      const status = await post(agent, url, body);
      if (status !== 200) throw new Error(`A batch was answered with ${status}.`);
      for (const [table, number] of Object.entries(rows)) sent[table] = (sent[table] ?? 0) + number;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, work));
  } finally {
    agent.destroy();
  }
  return sent;
}

const post = (agent: Agent, url: string, body: TelemetryBatch['body']): Promise<number | undefined> =>
  new Promise((answered, failed) => {
    const headers = { 'content-type': 'application/json' };
    request(new URL('/v2.1/track', url), { agent, method: 'POST', headers }, (response) => {
      response.resume().once('end', () => answered(response.statusCode));
    })
      .once('error', failed)
      .end(body);
  });
