/** An answer with 401, 403 or 429. */
export type Refusal = 'authentication-failed' | 'authorization-refused' | 'rate-limited';
/** What a person did with dead letters. */
export type Change = 'dead-letters-replayed' | 'dead-letters-purged';
export type SecurityEvent = Refusal | Change | 'dead-lettered' | 'service-started' | 'caller-seen' | 'traffic-shape';

type Fact = 'Route' | 'Fingerprint' | 'Caller' | 'Client' | 'Actor' | 'Source' | 'Producer' | 'Reason' | 'Identity';

/** What an event is about: the columns by which rows are told apart. */
export type EventFacts = { readonly Event: SecurityEvent } & Readonly<Partial<Record<Fact, string>>>;

/** What happened, how often, until when (ISO 8601). */
export type EventRow = EventFacts & { TimeGenerated: string; Calls: number; Callers?: number; Bytes?: number };

/** A row of the table `ServiceSecurity_CL`, whose columns are in `infra/observability/log-analytics-schema.json`. */
export type SecurityRow = EventRow & { Level: number } & Record<'Service' | 'Instance' | 'Version' | 'Region', string>;
