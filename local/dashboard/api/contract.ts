/**
 * What the page and its server say to each other. Types only: the page imports them with `import type`, which leaves nothing
 * behind when its code is stripped.
 *
 * Reading is `GET`, answered by `ApiAnswer<T>` with status 200 and by `ApiProblem` (`application/problem+json`) otherwise. What
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
export type {
  AlertRuleFacts,
  AlertRuleRow,
  AlertRules,
  AlertState,
} from './contract/alert-answers.ts';
export type {
  ApiAnswer,
  ApiProblem,
  TimeRange,
  TimeSeries,
} from './contract/api-answer.ts';
export type {
  DrillAnswer,
  DrillBody,
  DrilledLevel,
  DrillList,
  StartedDrill,
} from './contract/drill-answers.ts';
export type {
  LiveEvents,
  LiveTopic,
} from './contract/live-events.ts';
export type {
  LogList,
  LogRow,
  LogSeverity,
} from './contract/log-answers.ts';
export type {
  DoctorAnswer,
  FromOperator,
  MonthVolume,
  PlanAnswer,
} from './contract/operator-answers.ts';
export type { Overview } from './contract/overview-answer.ts';
export type {
  CompletionBody,
  Completions,
  QueryBody,
  QueryCheck,
  QueryFault,
  QueryProblem,
  QueryResult,
  SavedQueries,
  TableSchema,
} from './contract/query-answers.ts';
export type {
  ConsumerState,
  DeadLetterChange,
  DeadLetterFilter,
  DeadLetterGroupRow,
  DeadLetterGroups,
  MessageFacts,
  MessageList,
  MessageRow,
  MessageState,
  PurgeBody,
  QueueFacts,
  QueueList,
  ReplayBody,
} from './contract/queue-answers.ts';
export type {
  LevelChange,
  LevelFacts,
  LevelList,
  RunState,
  ServiceState,
} from './contract/run-answers.ts';
export type {
  SendBody,
  SendOptions,
  Sent,
  SentItem,
} from './contract/send-answers.ts';
export type {
  OutcomeKind,
  Place,
  StoryStep,
  Transaction,
  TransactionHistogram,
  TransactionItem,
  TransactionItemKind,
  TransactionList,
  TransactionOutcome,
  TransactionRow,
} from './contract/transaction-answers.ts';
