/** A name of the log contract: what it is called in lines, where the rows have it, and what it means. */
export type LogField = ReturnType<typeof field>;

const onEveryLine = true;

/** `column` belongs to `AppTraces`, or to `AppExceptions` for a line with an error. */
const field = (name: string, column: string, meaning: string, always = false) => {
  const type = name === 'error' ? 'object' : 'text';
  return { name, type, always, column, meaning };
};

/** The names that belong to the log contract, the same at every level. `docs/log-fields.md` shows this table. */
export const logFields: readonly LogField[] = [
  field('time', 'TimeGenerated', 'When it was logged: ISO 8601, UTC, milliseconds.', onEveryLine),
  field('severity', 'SeverityLevel', '`debug`, `info`, `warning` or `error`; in the rows 0 to 3.', onEveryLine),
  field('message', 'Message; with an error Properties.message', 'Constant text; fields hold what varies.', onEveryLine),
  field('service', 'AppRoleName', 'The name of the service.', onEveryLine),
  field('version', 'AppVersion', 'The version of the service.', onEveryLine),
  field('traceId', 'OperationId', 'The request or message during which it was logged.'),
  field('spanId', 'ParentId', 'The step of that request or message.'),
  field('error', 'AppExceptions', 'The error that the caller passed.'),
  field('error.type', 'ExceptionType', 'Its class.'),
  field('error.message', 'OuterMessage', 'Its message.'),
  field('error.stack', 'Details', 'Its stack, with its causes.'),
  field('error.fingerprint', 'Properties["error.fingerprint"]', 'The same for every error of the same failure.'),
];

/** Fields that other modules add to every line, beside the fields of the caller. */
export const fieldsOfModules: readonly LogField[] = [
  field('correlationId', 'Properties.correlationId', 'From level 2: the same for all of one request or file.'),
];

/** A field of the caller cannot have one of these names: it gets an underscore in front. */
export const reservedNames: ReadonlySet<string> = new Set(
  logFields.map(({ name }) => name).filter((name) => !name.includes('.')),
);
