/**
 * What the page and its server say to each other. Types only: the page imports them with `import type`, which leaves nothing
 * behind when its code is stripped.
 *
 * Reading is `GET`, answered by `Answer<T>` with status 200 and by `ApiProblem` (`application/problem+json`) otherwise. What
 * is sent is JSON with `Content-Type: application/json` and `Authorization: Bearer <token>`; the token is the content of
 * `<meta name="token">`. `POST query`, `query/check` and `query/complete` need it too, though they only read.
 *
 * A range is `range=5m|15m|1h|6h|24h|all`, or `from=<ISO>&to=<ISO>`; 15 minutes where nothing is said. Times are ISO text in
 * UTC, lengths are milliseconds. `query` is always the KQL that the figures beside it came from; without it, the figures come
 * from the broker's own administration or from the metrics that Azure measures by itself.
 *
 * The document that is served at every path is `page/index.html` with its line `<!-- head -->` replaced by
 * `<meta name="token">`, `<meta name="nonce">` (for `EditorView.cspNonce` and style elements) and the import map. What is in
 * `page/` is at `/assets/page/<path>`, TypeScript stripped under its own name with `.ts`; packages are imported by name
 * (`preact`, `preact/hooks`, `htm/preact`, `uplot`, `@codemirror/...`), and `/assets/npm/uplot/dist/uPlot.min.css` is a style.
 */

export interface Answer<T> {
  data: T;
  asOf: string;
  /** Pass it as `cursor` for the next page; absent on the last one. A page has 200 rows. */
  next?: string;
}

/** `detail` says what is wrong, `do` what helps. */
export interface ApiProblem {
  title: string;
  detail: string;
  do: string;
}

export interface TimeRange {
  from: string;
  to: string;
}

/** Points that begin `step` milliseconds after each other; `null` where nothing was measured. */
export interface Series {
  step: number;
  times: string[];
  values: Record<string, (number | null)[]>;
}

// The run and its level.

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
export interface Levels {
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

/** `PUT level`, answered 202 with `Levels`. `null`: as the file says. Follow `GET levels`, or the topic `run`. */
export interface LevelChange {
  level: number | null;
}

// Overview.

/** `GET overview?range` */
export interface Overview {
  range: TimeRange;
  run: RunState;
  requests: {
    count: number;
    failed: number;
    perSecond: number;
    p50: number | null;
    p95: number | null;
    p99: number | null;
    query: string;
    /** `ok`, `failed`, `p50`, `p95`, `p99` */
    series: Series;
    seriesQuery: string;
  };
  queues: {
    active: number;
    scheduled: number;
    deadLettered: number;
    /** Of the oldest message that waits, milliseconds. */
    oldestMs: number | null;
    /** Dead letters that came in the range. */
    deadLetteredInRange: number;
    /** `active`, `deadLettered` */
    series: Series;
  };
  telemetry: {
    /** Largest first. */
    tables: { table: string; rows: number; bytes: number }[];
    bytesPerHour: number;
    gbPerMonth: number;
    /** Beyond the free amount. */
    pricePerMonth: number;
    currency: string;
    rowsKept: number;
    rowsDropped: number;
    query: string;
    /** `bytes` */
    series: Series;
    seriesQuery: string;
  };
  /** The newest 8 that failed or were dead-lettered. */
  attention: TransactionRow[];
  attentionQuery: string;
}

// Transactions.

export type OutcomeKind = 'delivered' | 'answered' | 'waiting' | 'dead-lettered' | 'rejected' | 'failed';

export interface Outcome {
  kind: OutcomeKind;
  /** The host and first part of the path of the last call out of a worker, or the queue. */
  destination?: string;
  /** The status of the answer, or the reason of a dead letter. */
  code?: string;
}

export interface TransactionRow {
  operationId: string;
  started: string;
  /** Of the request, such as `POST /files`, or of what began it. */
  name: string;
  /** The name of the file, where the page has sent it: telemetry holds no names. */
  file?: string;
  messageId?: string;
  correlationId?: string;
  outcome: Outcome;
  attempts: number;
  queuedMs: number | null;
  durationMs: number;
  items: number;
}

/**
 * `GET transactions?range&q&outcome&destination&min&cursor`. `q`: a file name, or any id, whole or its beginning. `outcome`:
 * `failed` (failed, rejected or dead-lettered), `retried`, `waiting`, `slow` (over a second of work), or an `OutcomeKind`.
 * `min`: milliseconds.
 */
export interface TransactionList {
  range: TimeRange;
  rows: TransactionRow[];
  /** Of the range, with the filters, and without them. */
  total: number;
  unfiltered: number;
  sampling: number;
  query: string;
}

/** `GET transactions/histogram?` with the same parameters: `ok`, `failed`. */
export interface TransactionHistogram {
  range: TimeRange;
  series: Series;
  query: string;
}

/** Where something happens. A wait has none of its own. */
export type Place = 'api' | 'service-bus' | 'queue' | 'worker' | 'destination' | 'other';
export type ItemKind = 'request' | 'call' | 'wait' | 'log' | 'exception' | 'event';

export interface StoryStep {
  kind: 'accepted' | 'attempt' | 'put-aside' | 'dead-lettered' | 'replayed' | 'delivered' | 'waiting' | 'answered';
  /** `Accepted`, `Attempt 2`, `Delivered to documents` … */
  label: string;
  /** `202 · 12 ms`, the reason, who replayed. */
  detail: string;
  ok: boolean;
  time: string;
  ms?: number;
  /** From the end of the step before; absent on the first. */
  gapMs?: number;
  /** The item that it was read from. */
  item?: string;
}

export interface TransactionItem {
  id: string;
  /** The item that caused it; absent at the left edge. */
  parent?: string;
  place: Place;
  kind: ItemKind;
  name: string;
  start: string;
  /** Milliseconds with fractions; absent for what has no length. */
  ms?: number;
  ok: boolean;
  code?: string;
  /** In words, why it failed or what followed. */
  cause?: string;
  attempt?: number;
  table?: string;
  /** As it is stored. */
  row?: Record<string, unknown>;
}

/** `GET transactions/:operationId`; any other id of the transaction finds it too. 404 when nothing has that id. */
export interface Transaction {
  facts: {
    operationId: string;
    /** All of them: level 1 keeps the worker's part apart. */
    operationIds: string[];
    name: string;
    file?: string;
    messageId?: string;
    correlationId?: string;
    outcome: Outcome;
    started: string;
    totalMs: number;
    workingMs: number;
    waitingMs: number;
    /** How long it lay in a dead-letter queue. */
    deadLetteredMs: number | null;
    attempts: number;
    replays: number;
    /** The level of the run now. */
    level: number;
  };
  story: StoryStep[];
  /** Oldest first. */
  items: TransactionItem[];
  query: string;
}

// Logs.

export type Severity = 'debug' | 'info' | 'warning' | 'error';

export interface LogRow {
  /** Of the row, for keys: rises from row to row. */
  place: string;
  time: string;
  severity: Severity;
  kind: 'log' | 'exception' | 'event';
  message: string;
  operationId?: string;
  role: string;
  properties: Record<string, unknown>;
}

/** `GET logs?range&q&severity&operation&cursor`, newest first. `severity`: at least so bad. */
export interface LogList {
  range: TimeRange;
  rows: LogRow[];
  total: number;
  query: string;
}

// Queries.

/** `POST query` */
export interface QueryBody {
  query: string;
  /** As in an address, such as `15m`. Ignored by a query that names `TimeGenerated` itself. */
  range?: string;
}

/** A long beyond 2^53 is text. */
export interface QueryResult {
  columns: { name: string; type: string }[];
  /** At most 10,000. */
  rows: Record<string, unknown>[];
  total: number;
  ms: number;
  /** Rows that the tables of the query hold. */
  read: number;
  /** Whose range rules. */
  timeSetIn: 'query' | 'range';
  /** As it ran, and so what `npm run kql` would be given. */
  query: string;
  /** Why there may be no row, in a sentence, when there is none. */
  empty?: { reason: string; seeLevel?: number; useRange?: string };
}

export interface QueryFault {
  code: string;
  message: string;
  /** Offsets in UTF-16 units. */
  start: number;
  length: number;
  /** What to put there instead. */
  suggestion?: string;
  /** Azure runs it, the translation does not. */
  unsupported: boolean;
}

/** A query that cannot run is answered with 422. */
export interface QueryProblem extends ApiProblem {
  fault: QueryFault;
}

/** `POST query/check` with `{query}` */
export interface QueryCheck {
  faults: QueryFault[];
}

/** `POST query/complete` */
export interface CompletionBody {
  query: string;
  position: number;
}

export interface Completions {
  /** What an item replaces. */
  start: number;
  length: number;
  items: {
    label: string;
    kind: 'table' | 'column' | 'function' | 'operator' | 'keyword' | 'other';
    before: string;
    after: string;
  }[];
}

/** `GET schema` */
export interface Schema {
  tables: {
    name: string;
    rows: number;
    newest: string | null;
    /** From which level on it gets rows; absent where every level fills it, or none. */
    fromLevel?: number;
    columns: { name: string; type: string }[];
  }[];
}

/** `GET queries`: the repository's own, with its settings filled in. */
export interface SavedQueries {
  queries: {
    name: string;
    title: string;
    question: string;
    kind: 'dashboard' | 'alert';
    chart: string;
    /** From which level on its rows come. */
    level: number;
    file: string;
    query: string;
  }[];
}

// Queues.

export type ConsumerState = 'receiving' | 'paused' | 'stalled' | 'none';

export interface QueueFacts {
  /** `files`, or `topic/subscription`: encoded as one part of an address. */
  name: string;
  consumer: { state: ConsumerState; count: number; text: string };
  active: number;
  scheduled: number;
  /** Locked by a receiver; these count as active too. */
  inFlight: number;
  oldestMs: number | null;
  inPerMinute: number;
  outPerMinute: number;
  deadLettered: number;
  /** `active`, `deadLettered` */
  series: Series;
}

/** `GET queues?range`. Empty where `infra/queues.json` names none: `none` says so. */
export interface QueueList {
  queues: QueueFacts[];
  none?: string;
}

export type MessageState = 'active' | 'scheduled' | 'dead';

export interface MessageRow {
  sequence: string;
  messageId: string;
  file?: string;
  state: MessageState;
  enqueued: string;
  /** When it is due. */
  dueAt?: string;
  locked: boolean;
  deliveryCount: number;
  attempt: number;
  bytes: number;
  correlationId?: string;
  operationId?: string;
  /** Of dead letters. */
  reason?: string;
  description?: string;
  fingerprint?: string;
  deadLetteredAt?: string;
  replays?: number;
  parked?: boolean;
}

/** `GET queues/:name/messages?state&q&cursor` */
export interface MessageList {
  rows: MessageRow[];
  total: number;
}

/** `GET queues/:name/messages/:sequence?state` */
export interface MessageFacts extends MessageRow {
  contentType?: string;
  properties: Record<string, unknown>;
  body: { base64: string; text?: string; json?: boolean };
  /** From the message alone. */
  history: { time: string; attempt: number; outcome: string; reason: string; times?: number }[];
}

/** `GET queues/:name/groups`: dead letters by reason and error. */
export interface DeadLetterGroups {
  groups: DeadLetterGroupRow[];
  parked: number;
}

export interface DeadLetterGroupRow {
  reason: string | null;
  fingerprint: string | null;
  /** What the newest of them says, numbers as `<n>`. */
  error: string;
  count: number;
  parked: number;
  first: string | null;
  last: string | null;
  attempts: number;
  /** A message id, for the story of one. */
  example: string;
}

export interface DeadLetterFilter {
  id?: string;
  reason?: string;
  fingerprint?: string;
  /** Also those that were replayed as often as `retry.maxReplays` says. */
  parked?: boolean;
}

/** `POST queues/:name/replays`. A dry run is answered 200, a replay 202: follow `GET replays/:id`. */
export interface ReplayBody {
  filter: DeadLetterFilter;
  dryRun: boolean;
  max?: number;
  perSecond?: number;
  /** Only what was dead-lettered before; now when it is left out. */
  before?: string;
}

/** `POST queues/:name/purges`, answered as a replay is. */
export interface PurgeBody {
  filter: DeadLetterFilter;
  dryRun: boolean;
  max?: number;
  before?: string;
  /** What the dry run counted; another number than now is refused with 409. Not needed for a dry run. */
  confirm?: number;
}

/** What `npm run dead-letters` says, and while it works, how far it is. `GET` and `DELETE replays/:id`, for purges too. */
export interface DeadLetterChange {
  id: string;
  change: 'replay' | 'purge';
  queue: string;
  state: 'planned' | 'working' | 'done' | 'failed' | 'stopped';
  dryRun: boolean;
  /** Those that would go, or were to go. */
  matched: number;
  done: number;
  failed: number;
  missed: number;
  /** Left out, because they are parked. */
  parked: number;
  before: string;
  replayId?: string;
  /** What the command told, when it failed. */
  error?: string;
  /** What speaks against it now: a destination that is still down. */
  warning?: string;
}

// Plan and doctor: `npm run plan -- A B --json` and `npm run doctor -- --json`.

/** `operator/` may have been deleted: `unavailable` is the sentence that says so. */
export type FromOperator<T> = { unavailable: string } | { unavailable?: undefined; result: T };

/** `GET plan?from&to&messages`. Both levels the same: 400. */
export type Plan = FromOperator<{
  from: number;
  to: number;
  topology: string;
  modules: string[];
  questions: string[];
  resources: { type: string; name: string; label: string }[];
  rules: { name: string; title: string; severity?: number; description: string; tells: string[] }[];
  removal: string[];
  lines: number;
  cost: {
    currency: string;
    resources: number;
    telemetry: { messages: number; measuredOn: string; before: MonthVolume; after: MonthVolume };
  };
}>;

export interface MonthVolume {
  tables: Record<string, number>;
  gb: number;
  price: number;
}

/** `GET doctor`: takes up to a minute. */
export type Doctor = FromOperator<{
  findings: { code: string; what: string; why?: string; todo?: string }[];
  notChecked: { code: string; reason: string }[];
}>;

// Send.

/** `GET send` */
export interface SendOptions {
  /** A sentence in the place of what the business cannot send. */
  files: boolean;
  sample: boolean;
  why?: string;
  /** `POST /files`: where a file goes. */
  target?: string;
  sent: SentItem[];
  /** The stand-ins and their modes, as `GET /api/faults` answers them; `PUT /api/faults/:target {mode}` changes one. */
  faults: { target: 'destination' | 'ingestion' | 'service-bus'; mode: string; modes: string[] }[];
}

/** `POST send`: one file of the page, at most 16 MB, or requests of the business's own. Answered 202 with `Sent`. */
export type SendBody = { name: string; base64: string } | { sample: number };

export interface Sent {
  items: SentItem[];
}

/** Followed through the ledger of the destination and the dead-letter queue: `GET send`, or the topic `sent`. */
export interface SentItem {
  id: string;
  name: string;
  bytes: number;
  at: string;
  state: 'sending' | 'accepted' | 'refused' | 'failed' | 'delivered' | 'dead-lettered';
  status?: number;
  /** What the service answered, when it refused. */
  detail?: string;
  /** The destination that has it. */
  destination?: string;
  operationId?: string;
  messageId?: string;
}

// Live: `GET live?topics=run,rows,queues,sent,replays` is an event stream. Each event is named after its topic, at most four a
// second; after a gap the page asks again for what it shows. An event comes at once for every topic that was asked for.

export interface LiveEvents {
  run: { level: number; state: ServiceState };
  /** How many rows came since the start, and what changed. */
  rows: { received: number; transactions: number; logs: number };
  queues: { active: number; scheduled: number; deadLettered: number };
  sent: { counts: Record<string, number> };
  replays: { id: string; state: DeadLetterChange['state']; done: number; matched: number }[];
}

export type LiveTopic = keyof LiveEvents;
