import { performance } from 'node:perf_hooks';

/** What a measured server tells the bench over its channel. CPU in microseconds, memory in bytes. */
export interface Usage {
  requests: number;
  cpuMicros: number;
  residentBytes: number;
}

let requests = 0;
export const countRequest = () => {
  requests++;
};

/** The answer of every subject to `GET /items/:id`: small JSON, as most answers are. */
export const item = (id: string) => ({ id, name: 'an item', tags: ['a', 'b'], price: 12.5 });

/** Says that the server listens and answers each question with its own accounting, until the bench goes away. */
export function reportTo(port: number, channel: NodeJS.Process = process): void {
  channel.send?.({ port, listeningAfterMs: performance.now() });
  channel.on('message', () => {
    const { user, system } = channel.cpuUsage();
    const usage: Usage = { requests, cpuMicros: user + system, residentBytes: channel.memoryUsage.rss() };
    channel.send?.(usage);
  });
  channel.on('disconnect', () => channel.exit());
}
