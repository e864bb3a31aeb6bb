/** What became of the files of one scenario at one level. */
export interface LoadResult {
  scenario: string;
  level: number;
  /** How long the fault lasted. */
  seconds: number;
  sent: number;
  /** Sends that were not accepted, each repeated. */
  refused: number;
  accepted: number;
  delivered: number;
  deadLettered: number;
  /** Accepted, and neither delivered nor dead-lettered within three minutes. */
  lost: number;
  /** Deliveries of a file that its destination had, known by the idempotency key. */
  duplicates: number;
  mostDeliveries: number;
  /** Of `/health/ready`, late in the fault. */
  readiness: number;
  /** From the end of the fault until every file sent before it had come to its end; undefined when one did not. */
  recoveredAfterSeconds: number | undefined;
  /** From first sending a file to its arrival, of the one that took longest. */
  slowestSeconds: number;
  /** From sending a message to its arrival at `south`, before and during the fault. */
  otherP99Ms: { before: number; during: number };
  /** The median of the p99s of windows of five seconds: what else the machine does for a moment is not in it. */
  otherP99OfWindowsMs: { before: number; during: number };
  broken: string[];
}
