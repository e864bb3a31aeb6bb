import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { levels } from '../../../src/observability/levels.ts';
import { registry } from '../../../src/observability/registry.ts';
import type { DashboardParts } from '../dashboard-parts.ts';
import type { ApiRoutes } from './api-router.ts';
import type { LevelList, RunState } from './contract.ts';
import { readBodyAs } from './read-body.ts';

const everyLevel = Object.keys(levels).map(Number);
const levelBody = z.strictObject({
  level: z
    .int()
    .refine((level) => everyLevel.includes(level), `choose one of ${everyLevel.join(', ')}, or null for the file's`)
    .nullable(),
});

type Parts = Pick<DashboardParts, 'root' | 'service' | 'businesses'>;

/** The state of the service, for every page. */
export function runStateOf({ root, service, businesses }: Parts): RunState {
  const { fileLevel: _file, switchedTo: _switched, ...facts } = service.facts();
  return { ...facts, sampling: samplingPercent(root), businesses: businesses.map(({ name }) => name) };
}

/** The ladder, and the switch: it restarts the service of this run and writes no file. */
export function levelRoutes(parts: Parts): ApiRoutes {
  const list = (): LevelList => {
    const { fileLevel, switchedTo } = parts.service.facts();
    return {
      run: runStateOf(parts),
      fileLevel,
      ...(switchedTo !== undefined && { switchedTo }),
      levels: Object.entries(levels).map(([level, { name, answers }]) => ({
        level: Number(level),
        name,
        answers,
        modules: registry
          .map(({ manifest }) => manifest)
          .filter((manifest) => manifest.level === Number(level))
          .map((manifest) => ({ name: manifest.name, answers: manifest.answers })),
      })),
    };
  };
  return {
    'GET levels': () => ({ data: list() }),
    'PUT level': ({ body }) => {
      const { level } = readBodyAs(levelBody, body);
      parts.service.switchTo(level ?? undefined);
      return { status: 202, data: list() };
    },
  };
}

/** Only the service checks its file: what cannot be read here counts as the default. */
function samplingPercent(root: string): number {
  try {
    const file = JSON.parse(readFileSync(join(root, 'observability.json'), 'utf8').replace(/^\uFEFF/, ''));
    const percent = Number(file.sampling?.percent ?? 100);
    return Number.isInteger(percent) ? percent : 100;
  } catch {
    return 100;
  }
}
