import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRefused } from '../command-refused.ts';
import type { QueryWorkspace } from '../query-workspace.ts';

/** Measures the volume with the bench, a process of its own. Throws `CommandRefused` without `local/`, or when it fails. */
export function measureVolume(root: string): void {
  const bench = join(root, 'local', 'cli', 'bench.ts');
  if (!existsSync(bench)) throw new CommandRefused('local/ measures the volume, and is not here: leave --volume out.');
  const { status } = spawnSync(process.execPath, [bench, 'volume', '--record'], { cwd: root, stdio: ['ignore', 2, 2] });
  // 1: a promise of the bench does not hold, and the figures are written.
  if (status !== 0 && status !== 1) throw new CommandRefused('The volume could not be measured: see above.');
}

/** `Quantity` is in megabytes of a million bytes. Metrics come with time and not with messages. */
const billed =
  "Usage | where IsBillable and DataType startswith 'App' and DataType !in ('AppMetrics', 'AppPerformanceCounters') | summarize sum(Quantity)";

/** The bytes that messages made in 30 days, as the workspace bills them. Throws `CommandRefused` when there are none. */
export async function readBilledBytes(query: QueryWorkspace): Promise<number> {
  const [[megabytes] = []] = await query(billed, 'P30D');
  if (!(Number(megabytes) > 0))
    throw new CommandRefused('The workspace counted no telemetry of messages in 30 days: name --messages instead.');
  return Number(megabytes) * 1e6;
}
