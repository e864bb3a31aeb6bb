import type { ControlledService } from '../../dashboard/dashboard-parts.ts';

/** Of what a service wrote, so many characters are kept for the page. */
const LAST_WORDS = 4_000;

/** What becomes of the service, for the page, and the level that this run was switched to. */
export interface ServiceSwitch extends Pick<ControlledService, 'switchTo'> {
  /** Undefined: as the file says. */
  readonly level: number | undefined;
  readonly news: Readonly<ServiceNews>;
  /** The running service can be started anew from here on. */
  connect(restart: () => void): void;
  launched(): void;
  /** What the process that was launched last writes. */
  heard(chunk: Buffer): void;
  ready(): void;
  /** It ended by itself. */
  ended(ending: string): void;
}

interface ServiceNews {
  state: 'starting' | 'ready' | 'failed' | 'stopped';
  /** What a service that failed wrote last. */
  error?: string;
  startedInMs?: number;
}

/** Made before the service, because the page may be opened before it runs. */
export function createServiceSwitch({ tell }: { tell: (sentence: string) => void }): ServiceSwitch {
  let restart: (() => void) | undefined;
  let level: number | undefined;
  let news: ServiceNews = { state: 'starting' };
  let words = '';
  let launchedAt = performance.now();

  return {
    get level() {
      return level;
    },
    get news() {
      return news;
    },
    switchTo(wanted) {
      const runs = news.state === 'ready' || news.state === 'starting';
      if (wanted === level && runs) return;
      level = wanted;
      news = { state: 'starting' };
      const what = wanted === undefined ? 'the level of observability.json' : `level ${wanted}, for this run`;
      tell(`The page asks for ${what}: the service starts anew.`);
      restart?.();
    },
    connect(anew) {
      restart = anew;
    },
    launched() {
      launchedAt = performance.now();
      words = '';
      news = { state: 'starting' };
    },
    heard(chunk) {
      words = `${words}${chunk}`.slice(-LAST_WORDS);
    },
    ready() {
      news = { state: 'ready', startedInMs: Math.round(performance.now() - launchedAt) };
    },
    ended(ending) {
      const error = words.trim() || `It ended with ${ending} and said nothing.`;
      news = { state: news.state === 'ready' ? 'stopped' : 'failed', error };
    },
  };
}
