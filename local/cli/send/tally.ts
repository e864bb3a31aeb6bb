/** The result as `--json` prints it. `sent = accepted + duplicates + refused + failed`; `accepted = delivered + deadLettered + lost`. */
export interface SendResult {
  sent: number;
  /** Different requests that the service answered with 2xx. */
  accepted: number;
  delivered: number;
  byDestination: Record<string, number>;
  deadLettered: number;
  /** 4xx answers by status. */
  refused: Record<string, number>;
  /** Could not be read, or got no answer or a 5xx to the end. */
  failed: number;
  /** Accepted with the id of a request that was accepted before: a repeat, not another one. */
  duplicates: number;
  lost: number;
  seconds: number;
}

/** Counts what becomes of every request. One that waits for its end costs its id and its hash, one that has ended its id. */
export interface Tally {
  /** Accepted and not yet seen at an end: id -> SHA-256; undefined where any content counts. */
  readonly waiting: ReadonlyMap<string, string | undefined>;
  /** What people must hear of: requests that failed, answers that were not expected. */
  readonly findings: readonly string[];
  /** Arrivals at the destination beyond the first of a request: allowed by "at least once", worth knowing. */
  readonly repeatedDeliveries: number;
  accepted(id: string, sha256: string | undefined): void;
  /** Accepted, and nothing is to follow: the answer is the end. */
  answered(): void;
  refused(status: number): void;
  failed(label: string, reason: string): void;
  surprised(label: string, expected: number, found: number): void;
  delivered(id: string, destination: string, deliveries: number): void;
  deadLettered(id: string): void;
  /** Requests that have come to an end. */
  ended(): number;
  result(seconds: number): SendResult;
}

export function createTally(): Tally {
  const known = new Set<string>();
  const waiting = new Map<string, string | undefined>();
  const byDestination = new Map<string, number>();
  const refused = new Map<string, number>([['413', 0]]);
  const findings: string[] = [];
  const counts = {
    delivered: 0,
    deadLettered: 0,
    failed: 0,
    duplicates: 0,
    refused: 0,
    answered: 0,
    repeatedDeliveries: 0,
  };
  const add = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);

  return {
    waiting,
    findings,
    get repeatedDeliveries() {
      return counts.repeatedDeliveries;
    },
    answered() {
      counts.answered++;
    },
    accepted(id, sha256) {
      if (known.has(id)) {
        counts.duplicates++;
        return;
      }
      known.add(id);
      waiting.set(id, sha256);
    },
    refused(status) {
      counts.refused++;
      add(refused, String(status));
    },
    failed(label, reason) {
      counts.failed++;
      findings.push(`failed: ${label}: ${reason}`);
    },
    surprised(label, expected, found) {
      findings.push(`unexpected: ${label}: answered ${found} instead of ${expected}`);
    },
    delivered(id, destination, deliveries) {
      if (!waiting.delete(id)) return;
      counts.delivered++;
      counts.repeatedDeliveries += deliveries - 1;
      add(byDestination, destination);
    },
    deadLettered(id) {
      if (waiting.delete(id)) counts.deadLettered++;
    },
    ended: () =>
      counts.answered + counts.delivered + counts.deadLettered + counts.refused + counts.failed + counts.duplicates,
    result: (seconds) => ({
      sent: known.size + counts.answered + counts.duplicates + counts.refused + counts.failed,
      accepted: known.size + counts.answered,
      delivered: counts.delivered + counts.answered,
      byDestination: Object.fromEntries(byDestination),
      deadLettered: counts.deadLettered,
      refused: Object.fromEntries(refused),
      failed: counts.failed,
      duplicates: counts.duplicates,
      lost: waiting.size,
      seconds: Math.round(seconds * 10) / 10,
    }),
  };
}
