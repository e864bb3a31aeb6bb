import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { envFile } from './env-file.ts';
import { queuesFile } from './queues-file.ts';

const ROOT_FILES = new Set(['observability.json', envFile]);
/** An editor or a checkout writes several files, and one file several times. */
const DEBOUNCE_MS = 250;

export interface SourceWatch {
  stop(): void;
}

/**
 * Calls `changed` with the paths when what the service is made of has changed. Where the system cannot watch, `unable` hears why
 * and everything else works.
 */
export function watchSources({
  root,
  changed,
  unable,
}: {
  root: string;
  changed: (paths: readonly string[]) => void;
  unable: (reason: string) => void;
}): SourceWatch {
  let timer: NodeJS.Timeout | undefined;
  const paths = new Set<string>();
  const seen = (path: string) => {
    paths.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = [...paths];
      paths.clear();
      changed(all);
    }, DEBOUNCE_MS);
  };
  // The folder and not the file: editors save by putting a new file in the old one's place.
  const watchers = [
    open(root, false, (name) => ROOT_FILES.has(name) && seen(name), unable),
    open(join(root, dirname(queuesFile)), false, (name) => name === basename(queuesFile) && seen(queuesFile), unable),
    open(join(root, 'src'), true, (name) => /\.(ts|json)$/.test(name) && seen(join('src', name)), unable),
  ];
  return {
    stop() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher?.close();
    },
  };
}

function open(
  folder: string,
  recursive: boolean,
  heard: (name: string) => void,
  unable: (reason: string) => void,
): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { recursive }, (_event, name) => name !== null && heard(name));
    watcher.once('error', (error) => {
      watcher.close();
      unable(error.message);
    });
    return watcher;
  } catch (error) {
    unable((error as Error).message);
    return undefined;
  }
}
