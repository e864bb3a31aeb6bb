/** A name of the log contract: what lines and rows call it and what stands under it. */
export interface LogField {
  name: string;
  type: 'text' | 'object';
  /** On every line. */
  always: boolean;
  /** Where Application Insights keeps it (`AppTraces`, or `AppExceptions` for a line with an error). */
  column: string;
  meaning: string;
}

const field = (name: string, type: LogField['type'], always: boolean, column: string, meaning: string): LogField => ({
  name,
  type,
  always,
  column,
  meaning,
});

/** The one table of the names that are ours. They stay the same at every level; `docs/log-fields.md` shows it. */
export const logFields: readonly LogField[] = [
  field('time', 'text', true, 'TimeGenerated', 'When it was logged: ISO 8601, UTC, milliseconds.'),
  field('severity', 'text', true, 'SeverityLevel', '`debug`, `info`, `warning` or `error`; in the rows 0 to 3.'),
  field(
    'message',
    'text',
    true,
    'Message, or Properties.message beside an error',
    'What happened, as constant text: what varies stands in fields, so that lines can be counted by message.',
  ),
  field('service', 'text', true, 'AppRoleName', 'The name of the service.'),
  field('version', 'text', true, 'AppVersion', 'The version of the service.'),
  field('traceId', 'text', false, 'OperationId', 'The request or message in whose work it was logged.'),
  field('spanId', 'text', false, 'ParentId', 'The step of that work.'),
  field('error', 'object', false, 'AppExceptions', 'The error that the caller passed.'),
  field('error.type', 'text', false, 'ExceptionType', 'Its class.'),
  field('error.message', 'text', false, 'OuterMessage', 'Its message.'),
  field('error.stack', 'text', false, 'Details', 'Its stack, with its causes.'),
  field(
    'error.fingerprint',
    'text',
    false,
    'Properties["error.fingerprint"]',
    'The same for the same failure: a hash of type, message without ids and numbers, and the topmost own functions.',
  ),
];

/** Fields that other modules add to every line, under the names of the caller's fields. */
export const fieldsOfModules: readonly LogField[] = [
  field(
    'correlationId',
    'text',
    false,
    'Properties.correlationId',
    'From level 2: what all lines, rows and messages of one request or file share.',
  ),
];

/** Names that a caller's field cannot have: it gets an underscore in front. */
export const reservedNames: ReadonlySet<string> = new Set(
  logFields.map(({ name }) => name).filter((name) => !name.includes('.')),
);
