import type { DrillLoad } from './drill-load.ts';
import type { DrilledMessages, DrillReport, SeenSignal } from './drill-report.ts';
import type { DrilledCallers } from './drilled-callers.ts';
import type { DrilledCheckout } from './drilled-checkout.ts';
import type { DrilledService } from './drilled-service.ts';
import type { Latencies } from './latencies-of-stretches.ts';
import type { Layout } from './layout.ts';
import type { DrillNeed } from './needs-of-drills.ts';

/** The service with what is sent to it. */
export interface DrillScene extends DrilledService {
  readonly load: DrillLoad;
  readonly callers: DrilledCallers;
}

/** A rule that a drill expects, between two levels. */
export interface ExpectedRule {
  rule: string;
  /** The lowest and the highest level at which it is expected; every level above the lowest when left out. */
  from: number;
  to?: number;
  /** Why it fires. */
  why: string;
  /** It warns before the fault. */
  early?: boolean;
}

/** What an operator can look at. */
export interface Signal {
  question: string;
  /** Answers one row with one column, in words. */
  query: string;
}

/**
 * Answers "what happens when it fails?" for one failure. Times of `begin` and `end` are real. It asks for the rules that fire
 * and says nothing about how: the service, the broker and the rules are those that are deployed.
 */
export interface Drill {
  name: string;
  /** What it answers. */
  question: string;
  /** What it needs of the business that it is run on; on another it is left out. */
  needs?: readonly DrillNeed[];
  /** Requests a second, when it needs another load than the usual one. */
  perSecond?: number;
  /** The service asks for tokens, and three callers take turns. */
  tokens?: boolean;
  /** Keys of sections of `observability.json`. */
  config?: Readonly<Record<string, object>>;
  /** Variables of the service. */
  env?: Readonly<Record<string, string>>;
  /** Files that each process of the service loads before everything else. */
  preload?: readonly string[];
  /** Properties of the queue of the business, such as a shorter lock. */
  queue?: object;
  /** Seconds of a captured stretch, where it is not the usual length. */
  seconds?: Partial<Record<keyof Layout['seconds'], number>>;
  /** Minutes for which the fault is laid, the usual ones when left out. */
  faultMinutes?: number;
  /** The whole time line, where it is not the usual one. */
  pieces?: Layout['pieces'];
  /** There is a second region: a broker and a process of its own. Below level 5 nothing is sent there. */
  twoRegions?: boolean;
  /** The fault holds telemetry back: what comes after it was stored meanwhile. */
  holdsTelemetry?: boolean;
  /**
   * `begin` and `end` start the service anew as a deployment does. Nothing is sent meanwhile: a platform ends the old replica when
   * the new one is ready.
   */
  deploys?: boolean;
  /** Runs it in another way than by stretches, of which days cannot be laid; then only names, rules and signals are read here. */
  run?(run: { drill: Drill; level: number; checkout: DrilledCheckout }): Promise<DrillReport>;
  /** What `--record` measures beside the run, when it is named: writes it down, and answers it as text. `told` hears of the part done. */
  record?(checkout: DrilledCheckout, told: (share: number) => void): Promise<string>;
  /** Puts the fault on. */
  begin(scene: DrillScene): Promise<void> | void;
  /** Goes on with it until the signal aborts, for a fault that changes. */
  during?(scene: DrillScene, signal: AbortSignal): Promise<void>;
  /** Takes it off. */
  end(scene: DrillScene): Promise<void> | void;
  /** The lowest level at which "all" runs it, where it is not that of its first rule. */
  from?: number;
  mustFire: readonly ExpectedRule[];
  mayFire?: readonly ExpectedRule[];
  signals: readonly Signal[];
  /** What can be learnt without telemetry, once the drill is over. `query` is the command that shows it. */
  tells?(scene: DrillScene): SeenSignal[];
  /** What else is promised at a level; a sentence for each promise that was broken. */
  broken?(result: PromisedResult, scene: DrillScene): string[];
}

/** What promises can be about. */
export interface PromisedResult {
  level: number;
  messages: DrilledMessages;
  recoveredAfterSeconds: number | undefined;
  latencies: Latencies;
  /** What the readiness probe answered while the fault was on. */
  readiness: ReadonlySet<number>;
}

export const isExpectedAt =
  (level: number) =>
  ({ from, to = Number.POSITIVE_INFINITY }: ExpectedRule): boolean =>
    level >= from && level <= to;
