import { ConfigError, type Fault } from '../../src/config/faults.ts';
import { overruled } from '../../src/config/sdk-environment.ts';
import { type Check, when } from './doctor-check.ts';
import { readConfiguration, readSound } from './read-checkout.ts';

const faultCodes = [
  'configuration-unknown-key',
  'connection-string-malformed',
  'public-without-tokens',
  'configuration-faulty',
] as const;

function codeOf({ source, path, found }: Fault): (typeof faultCodes)[number] {
  if (found === 'an unknown key') return 'configuration-unknown-key';
  if (source.endsWith('_CONNECTION_STRING')) return 'connection-string-malformed';
  return path === 'deployment.public' ? 'public-without-tokens' : 'configuration-faulty';
}

/** The faults in the words with which the service refuses to start, without their heading. */
const wordsOf = (faults: readonly Fault[]) => new ConfigError(faults).message.split('\n').slice(1);

const faults: Check = {
  codes: faultCodes,
  run({ ask }) {
    const { faults } = ask(readConfiguration);
    const found = faultCodes.map((code) => [code, wordsOf(faults.filter((fault) => codeOf(fault) === code))]);
    return Object.fromEntries(found);
  },
};

/** An agent of Azure is loaded by its own file, which NODE_OPTIONS names. */
const loadsAgent = /nodejs[\\/]build[\\/]src[\\/]loader|applicationinsights|monitor-opentelemetry/i;

const agent: Check = {
  codes: ['codeless-agent-on'],
  run({ env: { ApplicationInsightsAgent_EXTENSION_VERSION: extension = '', NODE_OPTIONS: options = '' } }) {
    const isOn = !/^\s*(disabled)?\s*$/i.test(extension);
    const variable = when(isOn, `ApplicationInsightsAgent_EXTENSION_VERSION is ${extension}.`);
    const loader = when(loadsAgent.test(options), 'NODE_OPTIONS loads an agent of Application Insights.');
    return { 'codeless-agent-on': [...variable, ...loader] };
  },
};

/** In the words of the log at start. */
const sdkVariables: Check = {
  codes: ['sdk-disabled', 'foreign-sampler', 'sdk-overruled'],
  run({ env, ask, tell }) {
    const notices = overruled(env);
    const disables = notices.filter((notice) => notice.startsWith('OTEL_SDK_DISABLED'));
    const samples = notices.filter((notice) => notice.startsWith('OTEL_TRACES_SAMPLER'));
    const others = notices.filter((notice) => ![...disables, ...samples].includes(notice));
    const { config } = ask(readConfiguration);
    const { percent } = (config?.sections.sampling ?? {}) as { percent?: number };
    const failures = config?.active.includes('keep-failures') ? ', and every failure' : '';
    if (percent && samples.length === 0) tell(`Sampling in force: ${percent} % of traces are kept${failures}.`);
    return { 'sdk-disabled': disables, 'foreign-sampler': samples, 'sdk-overruled': others };
  },
};

const handlers: Check = {
  codes: ['handler-outlives-lock'],
  run({ ask }) {
    const { config, handled } = ask(readSound);
    const { handlerTimeoutMs: timeoutMs } = config.settings;
    const found = handled.filter(({ lockDurationMs }) => timeoutMs > lockDurationMs);
    const sentence = (name: string, lockMs: number) =>
      `HANDLER_TIMEOUT_MS is ${timeoutMs}, and the lock of ${name} holds ${lockMs} ms.`;
    return { 'handler-outlives-lock': found.map(({ name, lockDurationMs }) => sentence(name, lockDurationMs)) };
  },
};

/** Checks of `observability.json`, `infra/queues.json` and the variables of this environment. */
export const configurationChecks: readonly Check[] = [faults, agent, sdkVariables, handlers];
