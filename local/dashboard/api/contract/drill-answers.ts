/** What a drill found at one level, as `npm run drill -- --json` prints it; `docs/failures.json` keeps the first part of it. */
export interface DrilledLevel {
  drill: string;
  level: number;
  question: string;
  messages: { sent: number; delivered: number; waiting: number; deadLettered: number; lost: number; refused: number };
  fired: { rule: string; afterSeconds: number; of?: string | undefined; why?: string | undefined }[];
  firstToKnow?: { who: string; afterSeconds: number } | undefined;
  recoveredAfterSeconds?: number | undefined;
  /** Rules that the drill says must fire, and did not; and those that fired and should not have. */
  missed?: string[] | undefined;
  unexpected?: string[] | undefined;
  /** What else was promised and did not hold, a sentence each. */
  broken?: string[] | undefined;
  /** What an operator can ask, and whether there was an answer. The record keeps neither queries nor answers. */
  seen?: { question: string; answered: boolean; query?: string | undefined; answer?: string | undefined }[] | undefined;
}

/** A run that the page has started. */
export interface StartedDrill {
  id: string;
  drill: string;
  /** Empty: the usual levels of the drill. */
  levels: number[];
  state: 'running' | 'done' | 'failed' | 'stopped';
  startedAt: string;
  /** Seconds that it has taken, or took. */
  seconds: number;
  /** In the command's own words, why it failed. */
  why?: string;
  reports: DrilledLevel[];
}

/** `GET drills`: every drill that the command knows, with what was recorded of it. */
export interface DrillList {
  drills: { name: string; question: string; levels: number[]; recorded: DrilledLevel[] }[];
  /** The day on which `docs/failures.json` was written. */
  recordedOn?: string;
  /** Why none can be run, in a sentence. */
  unavailable?: string;
  /** The newest first. */
  runs: StartedDrill[];
}

/** `GET drills/:name`. `POST drills/:name/runs` starts one and is answered 202 with `StartedDrill`; `DELETE drill-runs/:id` stops it. */
export interface DrillAnswer {
  name: string;
  question: string;
  levels: number[];
  recorded: DrilledLevel[];
  recordedOn?: string;
  runs: StartedDrill[];
}

/** Without `levels`: the lowest level that has a rule for it, and the highest. */
export interface DrillBody {
  levels?: number[];
}
