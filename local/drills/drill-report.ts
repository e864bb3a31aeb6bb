/** What became of the requests of one drill. `sent = delivered + waiting + deadLettered + lost + refused`. */
export interface DrilledMessages {
  /** Requests that callers sent. */
  sent: number;
  /** In a destination's own ledger. */
  delivered: number;
  /** In a queue when the drill ended, also as a copy for later. */
  waiting: number;
  deadLettered: number;
  /** Accepted, and nowhere. */
  lost: number;
  /** Not accepted: the caller was told so, or got no answer, and still has what it sent. */
  refused: number;
}

/** A rule that fired, on the time line that was laid. */
export interface FiredRule {
  rule: string;
  /** Whole seconds from the beginning of the fault. */
  afterSeconds: number;
  /** The values of its dimensions; empty where the rule is not split. */
  of: string;
  /** Why the drill expects it; absent for one that it does not expect. */
  why?: string | undefined;
}

/** One thing that an operator can look at, with what it shows on the rows of this run. */
export interface SeenSignal {
  /** What is asked. */
  question: string;
  /** The KQL. It can be given to `npm run kql` as it is. */
  query: string;
  /** The first row of the result; empty when there is none. */
  answer: string;
}

/** One drill at one level, as `npm run drill -- --json` prints it, one object a line. */
export interface DrillReport {
  drill: string;
  level: number;
  /** What the drill asks, in a sentence. */
  question: string;
  messages: DrilledMessages;
  fired: FiredRule[];
  /** Rules that the drill says must fire at this level and that did not. */
  missed: string[];
  /** Rules that fired and are not in the drill's list for this level, and those that fired before the fault. */
  unexpected: string[];
  /** What else was promised and did not hold, a sentence each. */
  broken: string[];
  /** Who hears of it first, and after how many seconds; undefined where nobody does. */
  firstToKnow: { who: string; afterSeconds: number } | undefined;
  seen: SeenSignal[];
  /** Real seconds from the end of the fault until every message sent before it had come to an end. */
  recoveredAfterSeconds: number | undefined;
  /** How the time line was laid of captured stretches, for people. */
  layout: string[];
  /** Real seconds that the run took. */
  tookSeconds: number;
}

/** Whether a drill holds what it says. */
export const holds = ({ missed, unexpected, broken }: DrillReport): boolean =>
  missed.length + unexpected.length + broken.length === 0;
