import { setTimeout as sleep } from 'node:timers/promises';
import { context, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { CommandRefused } from '../command-refused.ts';
import { startTelemetry } from '../command-telemetry.ts';
import { openWorkspace } from '../query-workspace.ts';
import type { Check, DoctorContext } from './doctor-check.ts';
import { askServer } from './http-answer.ts';
import { sendItem } from './ingestion-checks.ts';

const attributes = { 'user_agent.synthetic.type': 'test' }; // the exporter makes SyntheticSource of it
const event = { 'microsoft.custom_event.name': 'doctor.sent' };
const tables: Readonly<Record<string, string>> = {
  'span-lost': 'AppDependencies',
  'log-lost': 'AppTraces',
  'event-lost': 'AppEvents',
};
/** Azure takes minutes to make rows. */
const timesLonger = 20;

function findRows({ target: { run, workspace, credential }, patienceMs }: DoctorContext) {
  const { dashboard } = run ?? {};
  if (workspace && credential) {
    const query = openWorkspace(workspace, credential);
    const has = async (table: string, operation: string) =>
      (await query(`${table} | where OperationId == "${operation}" | take 1`, 'PT1H')).length > 0;
    return { patienceMs: timesLonger * patienceMs, has };
  }
  if (!dashboard) throw new CommandRefused('rows can be read of an "npm start", or with --workspace');
  const has = async (table: string, operation: string) =>
    (await askServer(new URL(`/api/rows/${table}?operation=${operation}`, dashboard))).text !== '';
  return { patienceMs, has };
}

/** Sends a span, a log line and an event with the SDK of the service, and looks for their rows. */
const arrivals: Check = {
  codes: Object.keys(tables),
  async run(doctor) {
    const { target, tell, ask } = doctor;
    const { has, patienceMs } = findRows(doctor);
    if ((await ask(sendItem)).status !== 200) return {};
    const { stop } = await startTelemetry({ ...target, name: 'doctor', tell });
    const span = startRecordedSpan();
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
      const logger = logs.getLogger('doctor');
      logger.emit({ body: 'npm run doctor looks for this line', attributes });
      logger.emit({ attributes: { ...attributes, ...event } });
    });
    span.end();
    await stop();

    const end = performance.now() + patienceMs;
    const found = Object.entries(tables).map(async ([code, table]) => {
      while (!(await has(table, span.spanContext().traceId))) {
        if (performance.now() > end) return [code, [`Sent with the SDK of the service, and no row of ${table} came.`]];
        await sleep(patienceMs / 60);
      }
      return [code, []];
    });
    return Object.fromEntries(await Promise.all(found));
  },
};

/** A span that sampling keeps, whatever the share is. When the SDK does not work, the last one of those that it drops. */
function startRecordedSpan(): Span {
  const start = () => trace.getTracer('doctor').startSpan('doctor', { root: true, attributes });
  let span = start();
  for (let tries = 1; tries < 1_000 && !span.isRecording(); tries += 1) span = start();
  return span;
}

/** Checks whether what the SDK of the service sends becomes rows. */
export const arrivalChecks: readonly Check[] = [arrivals];
