import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LadderFault, LadderFaults, LadderOutcome } from '../../tools/ladder/ladder-faults-text.ts';
import type { LoadResult } from './load-result.ts';
import { messagesPerSecond } from './run-scenario.ts';
import { scenarios } from './scenarios.ts';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'docs/ladder-faults.json');
const libraries = ['@azure/service-bus', '@azure/monitor-opentelemetry', 'cockatiel'];

/** What is worth keeping of the results: the scenarios that ran at more than one level. */
export async function toLadderFaults(results: readonly LoadResult[], now = new Date()): Promise<LadderFaults> {
  const versions = await Promise.all(libraries.map(async (name) => [name, await versionOf(name)] as const));
  const faults = scenarios
    .filter(({ name, levels }) =>
      levels.every((level) => results.some((r) => r.scenario === name && r.level === level)),
    )
    .filter(({ levels }) => levels.length > 1)
    .map(({ name, what }): LadderFault => {
      const own = results.filter(({ scenario }) => scenario === name);
      return { name, what, seconds: own[0]?.seconds ?? 0, levels: own.map(outcome) };
    });
  return {
    measuredOn: now.toISOString().slice(0, 10),
    versions: { node: process.versions.node, ...Object.fromEntries(versions) },
    messagesPerSecond,
    faults,
  };
}

/** Writes the measurement; resolves with the path. */
export async function writeLadderFaults(measured: LadderFaults): Promise<string> {
  await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`);
  return file;
}

const outcome = (result: LoadResult): LadderOutcome => ({
  level: result.level,
  accepted: result.accepted,
  delivered: result.delivered,
  deadLettered: result.deadLettered,
  lost: result.lost,
  mostDeliveries: result.mostDeliveries,
  recoveredAfterSeconds: result.recoveredAfterSeconds ?? null,
});

async function versionOf(name: string): Promise<string> {
  const found = createRequire(import.meta.url)
    .resolve.paths(name)
    ?.map((folder) => join(folder, name, 'package.json'));
  for (const path of found ?? []) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
  }
  return 'unknown';
}
