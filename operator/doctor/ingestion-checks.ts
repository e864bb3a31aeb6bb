import { CommandRefused } from '../command-refused.ts';
import { type Check, type DoctorContext, when } from './doctor-check.ts';
import { askServer } from './http-answer.ts';
import { readSound } from './read-checkout.ts';
import { readHealth } from './service-checks.ts';

const anyKey = '00000000-0000-0000-0000-000000000000'; // a local run accepts every key
const everywhere = 'https://dc.services.visualstudio.com';

/** Where telemetry goes, as the exporter reads it. Throws `CommandRefused`. */
function findIngestion({ target: { run }, ask }: DoctorContext) {
  if (run) return { key: anyKey, endpoint: run.ingestion };
  const text = ask(readSound).config.settings.applicationInsights;
  if (!text) throw new CommandRefused('no ingestion: run "npm start", or set APPLICATIONINSIGHTS_CONNECTION_STRING');
  const part = (name: string) => new RegExp(`(?:^|;)${name}=([^;]+)`, 'i').exec(text)?.[1];
  return { key: part('InstrumentationKey'), endpoint: part('IngestionEndpoint') ?? everywhere };
}

/** Sends one event, marked as synthetic, as the exporter would, and returns the answer. Throws `CommandRefused`. */
export async function sendItem(context: DoctorContext) {
  const { key, endpoint } = findIngestion(context);
  const token = await context.target.credential?.getToken('https://monitor.azure.com/.default').catch(() => null);
  const item = {
    ...{ name: 'Microsoft.ApplicationInsights.Event', time: new Date(), iKey: key, sampleRate: 100 },
    tags: { 'ai.cloud.role': 'doctor', 'ai.operation.syntheticSource': 'doctor' },
    data: { baseType: 'EventData', baseData: { ver: 2, name: 'doctor.asked' } },
  };
  const authorization = token ? { authorization: `Bearer ${token.token}` } : {};
  const headers = { 'content-type': 'application/json', ...authorization };
  const url = new URL('/v2.1/track', endpoint);
  return { endpoint, ...(await askServer(url, { method: 'POST', headers, body: JSON.stringify([item]) })) };
}

/** The codes of answers; 0: none. */
const codes: Readonly<Record<number, string>> = {
  0: 'ingestion-down',
  402: 'ingestion-quota',
  429: 'ingestion-throttled',
  439: 'ingestion-throttled',
  206: 'ingestion-partial',
  401: 'ingestion-unauthorized',
  403: 'ingestion-forbidden',
};
const otherCode = 'ingestion-refuses';
const allCodes = [...new Set([...Object.values(codes), otherCode])];

const ingestion: Check = {
  codes: allCodes,
  async run({ ask }) {
    const { status, text, endpoint } = await ask(sendItem);
    const reason = /"message":"([^"]{1,200})/.exec(text)?.[1] ?? '';
    const sentence =
      status === 0 ? `${endpoint} does not answer: ${text}` : `${endpoint} answered with ${status} ${reason}`;
    const found = codes[status] ?? otherCode;
    return Object.fromEntries(allCodes.map((code) => [code, when(status !== 200 && code === found, sentence.trim())]));
  },
};

/** By the time in the answer of the ingestion endpoint or of the service. */
const clock: Check = {
  codes: ['clock-off'],
  async run({ ask }) {
    const answers = await Promise.allSettled([ask(sendItem), ask(readHealth)]);
    const [date] = answers.flatMap((answer) => (answer.status === 'fulfilled' ? (answer.value.date ?? []) : []));
    if (!date) throw new CommandRefused('no answer of a server tells the time');
    const ahead = Math.round((Date.now() - Date.parse(date)) / 1_000);
    return { 'clock-off': when(Math.abs(ahead) > 60, `This clock is ${ahead} s ahead of the server's.`) };
  },
};

/** Checks of the ingestion endpoint and of the clock. */
export const ingestionChecks: readonly Check[] = [ingestion, clock];
