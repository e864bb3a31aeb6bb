import type { HealthReport } from '../../src/platform/health.ts';
import { CommandRefused } from '../command-refused.ts';
import { type Check, type DoctorContext, when } from './doctor-check.ts';
import { askServer } from './http-answer.ts';
import { readConfiguration } from './read-checkout.ts';

/** What a service says of its health. `details` are for callers with a token, where it asks for tokens. Throws `CommandRefused`. */
export async function readHealth({ target: { url, credential }, ask }: DoctorContext) {
  if (url === undefined) throw new CommandRefused('no service: run "npm start", or add --url <address>');
  const audience = ask(readConfiguration).config?.settings.tokens?.audience;
  const token = audience && (await credential?.getToken(`${audience}/.default`).catch(() => null));
  const ready = await askServer(new URL('/health/ready', url));
  const headers = token ? { authorization: `Bearer ${token.token}` } : {};
  return { url, ...ready, details: await askServer(new URL('/health/details', url), { headers }) };
}

const readiness: Check = {
  codes: ['service-unreachable', 'service-not-ready'],
  async run({ ask }) {
    const { url, status, text } = await ask(readHealth);
    if (status === 0) return { 'service-unreachable': [`${url} does not answer: ${text}.`] };
    const notReady = when(status !== 200, `${url} answered with ${status}: ${text.slice(0, 200)}`);
    return { 'service-unreachable': [], 'service-not-ready': notReady };
  },
};

const healthChecks: Check = {
  codes: ['health-check-failing'],
  async run({ ask }) {
    const { status, details } = await ask(readHealth);
    if (status === 0) return {};
    if (details.status !== 200)
      throw new CommandRefused(`/health/details answered with ${details.status}: it needs a token`);
    const { checks }: HealthReport = JSON.parse(details.text);
    return { 'health-check-failing': checks.flatMap(({ name, ok, reason }) => when(!ok, `${name}: ${reason}`)) };
  },
};

/** Checks of a running service. */
export const serviceChecks: readonly Check[] = [readiness, healthChecks];
