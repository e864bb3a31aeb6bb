import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { sourcesOf } from './lines-of-code.ts';

/** The rooms of the code, the innermost folder first, with what each holds. */
const rooms: Readonly<Record<string, { name: string; holds: string; folder: string }>> = {
  modules: { folder: 'src/observability/modules/', name: 'observability/modules', holds: 'one folder a module' },
  observability: { folder: 'src/observability/', name: 'observability', holds: 'registry, levels, events' },
  broker: { folder: 'src/platform/service-bus/', name: 'platform/service-bus', holds: 'behind messaging.ts' },
  platform: { folder: 'src/platform/', name: 'platform', holds: 'HTTP, messages, lifecycle' },
  business: { folder: 'src/business/', name: 'business', holds: 'routes, handlers, events' },
  config: { folder: 'src/config/', name: 'config', holds: 'settings and observability.json' },
  entry: { folder: 'src/', name: 'preload.ts, main.ts', holds: 'put everything together' },
  operator: { folder: 'operator/', name: 'operator', holds: 'commands for people' },
  local: { folder: 'local/', name: 'local', holds: 'Azure on your machine' },
};

const roomOf = (path: string): string | undefined =>
  Object.keys(rooms).find((room) => path.startsWith(rooms[room]?.folder ?? path));

/** What a file imports, also later and types alone. */
const importsOf = (text: string): string[] =>
  [...text.matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm)].map(
    ([, target = '', later = '']) => target || later,
  );

/** Who imports whom, as a Mermaid diagram, of what the files do import. The rules that keep it so are in `biome.json`. */
export function codePicture(root: string): string[] {
  const edges = new Set<string>();
  const folders = ['src', 'operator', 'local'].filter((folder) => existsSync(join(root, folder)));
  for (const path of folders.flatMap((folder) => sourcesOf(root, folder))) {
    for (const target of importsOf(readFileSync(join(root, path), 'utf8'))) {
      const [from, to] = [roomOf(path), roomOf(posix.join(dirname(path), target))];
      if (from !== undefined && to !== undefined && from !== to) edges.add(`${from} --> ${to}`);
    }
  }
  const drawn = new Set([...edges].flatMap((edge) => edge.split(' --> ')));
  return [
    'flowchart TD',
    ...Object.entries(rooms)
      .filter(([room]) => drawn.has(room))
      .map(([room, { name, holds }]) => `  ${room}["${name}<br/>${holds}"]`),
    ...[...edges].toSorted().map((edge) => `  ${edge}`),
  ];
}
