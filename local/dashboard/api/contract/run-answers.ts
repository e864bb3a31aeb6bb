export type ServiceState = 'starting' | 'ready' | 'failed' | 'stopped';

export interface RunState {
  /** The business's name, for the head of the page. */
  name: string;
  service: string;
  level: number;
  state: ServiceState;
  /** Its last words, when it failed or ended by itself. */
  error?: string;
  /** How long its last start took. */
  startedInMs?: number;
  /** Percent of the operations whose rows are kept. */
  sampling: number;
  businesses: string[];
}

/** `GET levels` */
export interface LevelList {
  run: RunState;
  /** What `observability.json` says. It is never written. */
  fileLevel: number;
  /** The level that this run was switched to; absent while it follows the file. */
  switchedTo?: number;
  levels: LevelFacts[];
}

export interface LevelFacts {
  level: number;
  name: string;
  answers: string;
  /** Those that this level adds. */
  modules: { name: string; answers: string }[];
}

/** `PUT level`, answered 202 with `LevelList`. `null`: as the file says. Follow `GET levels`, or the topic `run`. */
export interface LevelChange {
  level: number | null;
}
