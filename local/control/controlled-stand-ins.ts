import type { Workspace } from '../application-insights/index.ts';
import type { KqlEngine } from '../kql/index.ts';

/** A part of Azure that can be told to misbehave. */
export interface Switchable {
  readonly faults: {
    /** Throws a sentence that names the allowed modes when `mode` is none of them. */
    mode(mode: string, options?: Readonly<Record<string, unknown>>): Promise<object> | object;
    state(): object;
  };
}

/** What arrived under one key at one destination. */
export interface LedgerLine {
  key: string;
  destination: string;
  sha256: string;
  /** How often it came. */
  deliveries: number;
}

/**
 * What the control server shows and switches. The names are those that people type; a sentence in the place of a stand-in
 * says why there is none.
 */
export interface StandIns {
  readonly switches: Readonly<Record<'destination' | 'ingestion' | 'service-bus', Switchable | string>>;
  readonly workspace: Pick<Workspace, 'schema' | 'rows' | 'place' | 'dropped'>;
  /** Answers queries, where the tables are in DuckDB. */
  readonly kql?: Pick<KqlEngine, 'run' | 'translate'>;
  /** The alert rules with state and history. */
  alerts?(): readonly object[];
  /** Every row that belongs to what an id, or the beginning of one, names. */
  story(id: string): Promise<readonly object[]>;
  /** Everything that arrived under a key. */
  ledger(key: string): readonly LedgerLine[];
}
