/** Rows as the exporter sends them, for one file that was retried or given up. */
const shared = { AppRoleName: 'service', ItemCount: 1, Measurements: {} };

export const timeAgo = (secondsAgo: number, now = Date.now()): string =>
  new Date(now - secondsAgo * 1_000).toISOString();

interface Step {
  operation: string;
  id: string;
  parent?: string;
  ago: number;
  /** Rows whose distances are compared share one: each row would read the clock a millisecond later. */
  now?: number;
  ms: number;
}

const step = ({ operation, id, parent, ago, now, ms }: Step) => ({
  ...shared,
  TimeGenerated: timeAgo(ago, now),
  OperationId: operation,
  Id: id,
  ...(parent !== undefined && { ParentId: parent }),
  DurationMs: ms,
});

/** The request of a caller. */
export const requestRow = (given: Step & { status?: number }) => ({
  ...step(given),
  Type: 'AppRequests',
  Name: 'POST /parcels',
  ResultCode: String(given.status ?? 202),
  Success: (given.status ?? 202) < 400,
  Properties: { correlationId: `correlation-${given.operation}` },
});

/** A message on its way into a queue; with `links` an operator has replayed it. */
export const sendRow = (given: Step & { messageId: string; links?: string }) => ({
  ...step(given),
  Type: 'AppDependencies',
  DependencyType: 'Queue Message',
  Name: 'send parcels',
  ResultCode: '0',
  Success: true,
  Properties: {
    'messaging.message.id': given.messageId,
    'messaging.destination.name': 'parcels',
    ...(given.links && { '_MS.links': given.links }),
  },
});

/** A worker that had the message. */
export const handlingRow = (
  given: Step & { messageId: string; settlement: string; attempt?: number; ok?: boolean; nextAt?: string },
) => ({
  ...step(given),
  Type: 'AppRequests',
  Name: 'process parcels',
  ResultCode: '0',
  Success: given.ok ?? given.settlement === 'complete',
  Properties: {
    'messaging.message.id': given.messageId,
    'message.settlement': given.settlement,
    'message.attempt': String(given.attempt ?? 1),
    correlationId: `correlation-${given.operation}`,
    ...(given.nextAt && { 'message.attempt.next_at': given.nextAt }),
  },
});

/** A call of a worker to a destination. */
export const callRow = (given: Step & { status: number }) => ({
  ...step(given),
  Type: 'AppDependencies',
  DependencyType: 'Http',
  Name: 'POST /north',
  Data: 'http://127.0.0.1:9/north',
  ResultCode: String(given.status),
  Success: given.status < 400,
  Properties: {},
});

export const failureRow = (given: Omit<Step, 'id' | 'ms'> & { reason?: string; message: string }) => ({
  ...shared,
  TimeGenerated: timeAgo(given.ago, given.now),
  Type: 'AppExceptions',
  OperationId: given.operation,
  ParentId: given.parent,
  OuterType: 'TransientError',
  OuterMessage: given.message,
  SeverityLevel: 3,
  Properties: { reason: given.reason ?? '' },
});

export const logRow = (
  given: Omit<Step, 'id' | 'ms'> & { message: string; severity?: number; properties?: object },
) => ({
  ...shared,
  TimeGenerated: timeAgo(given.ago, given.now),
  Type: 'AppTraces',
  OperationId: given.operation,
  ...(given.parent !== undefined && { ParentId: given.parent }),
  Message: given.message,
  SeverityLevel: given.severity ?? 1,
  Properties: given.properties ?? {},
});

/** A file that failed once, was given up, was replayed and then delivered. */
export function replayedFile(operation: string): object[] {
  const story = { operation, now: Date.now() };
  const message = { ...story, messageId: `message-${operation}` };
  return [
    requestRow({ ...story, id: 'r', ago: 100, ms: 20 }),
    sendRow({ ...message, id: 's1', parent: 'r', ago: 99.99, ms: 5 }),
    handlingRow({
      ...message,
      id: 'h1',
      parent: 's1',
      ago: 99,
      ms: 50,
      settlement: 'later',
      ok: false,
      nextAt: timeAgo(93.95, story.now),
    }),
    callRow({ ...story, id: 'c1', parent: 'h1', ago: 98.99, ms: 30, status: 503 }),
    failureRow({ ...story, parent: 'h1', ago: 98.95, message: 'north answered 503.' }),
    sendRow({ ...message, messageId: 'obs-copy-1', id: 's2', parent: 'h1', ago: 98.96, ms: 5 }),
    handlingRow({ ...message, id: 'h2', parent: 's2', ago: 93, ms: 40, settlement: 'dead-letter', attempt: 2 }),
    callRow({ ...story, id: 'c2', parent: 'h2', ago: 92.99, ms: 30, status: 422 }),
    failureRow({ ...story, parent: 'h2', ago: 92.97, reason: 'DestinationRefused', message: 'north answered 422.' }),
    logRow({
      ...story,
      parent: 's1',
      ago: 32,
      message: 'dead letter changed',
      properties: { action: 'replay', actor: 'ana' },
    }),
    sendRow({
      ...message,
      messageId: 'obs-copy-2',
      id: 's3',
      parent: 's1',
      ago: 32,
      ms: 5,
      links: '[{"operation_Id":"0","id":"0"}]',
    }),
    handlingRow({ ...message, id: 'h3', parent: 's3', ago: 31, ms: 60, settlement: 'complete' }),
    callRow({ ...story, id: 'c3', parent: 'h3', ago: 30.99, ms: 30, status: 201 }),
  ];
}

/** A message of level 1, where the worker's part has operations of its own and the SDK tells each settlement apart. */
export function foreignFile(operation: string, settlements: readonly string[]): object[] {
  const links = JSON.stringify([{ operation_Id: operation, id: 'm' }]);
  const linked = { 'messaging.destination.name': 'parcels', 'messaging.source.name': 'parcels', '_MS.links': links };
  const ago = (at: number) => 60 - at;
  return [
    requestRow({ operation, id: 'r', ago: 60.02, ms: 20 }),
    { ...sendRow({ operation, id: 'm', parent: 'r', ago: 60.01, ms: 0.1, messageId: '' }), Name: 'message' },
    ...settlements.flatMap((settlement, at) => [
      {
        ...step({ operation: `${operation}-worker-${at}`, id: `p${at}`, ago: ago(at), ms: 0.1 }),
        Type: 'AppRequests',
        Name: '',
        ResultCode: '0',
        Success: true,
        Properties: linked,
      },
      {
        ...step({ operation: `${operation}-settled-${at}`, id: `c${at}`, ago: ago(at + 0.5), ms: 10 }),
        Type: 'AppDependencies',
        DependencyType: 'Dependency',
        Name: `ServicebusReceiver.${settlement}`,
        ResultCode: '0',
        Success: true,
        Properties: linked,
      },
    ]),
  ];
}
