import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

const ROOT_FILES = new Set(['observability.json']);
/** An editor or a checkout writes several files, and one file several times. */
const DEBOUNCE_MS = 250;

export interface SourceWatch {
  stop(): void;
}

/**
 * Calls `changed` with a path when what the service is made of changes. Where the system cannot watch, `unable` hears why
 * and everything else works.
 */
export function watchSources({
  root,
  changed,
  unable,
}: {
  root: string;
  changed: (path: string) => void;
  unable: (reason: string) => void;
}): SourceWatch {
  let timer: NodeJS.Timeout | undefined;
  const seen = (path: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => changed(path), DEBOUNCE_MS);
  };
  // The folder and not the file: editors save by putting a new file in the old one's place.
  const watchers = [
    open(root, false, (name) => ROOT_FILES.has(name) && seen(name), unable),
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
