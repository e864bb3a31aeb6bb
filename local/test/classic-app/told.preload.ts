import { createRequire } from 'node:module';

/** Loaded into a service before anything else: it does what a test says over the channel, as code of an application would. */
const classic = (): typeof import('applicationinsights') => createRequire(import.meta.url)('applicationinsights');

const actions: Readonly<Record<string, () => void>> = {
  'set properties': () => {
    classic().defaultClient.commonProperties = { team: 'blue' };
  },
  'track with a second client': () => new (classic().TelemetryClient)().trackEvent({ name: 'second client' }),
  dispose: () => classic().dispose(),
  'write to the console': () => console.error('a line of the console'),
  throw: () => {
    throw new Error('thrown as told');
  },
};

process.on('message', (action: string) => {
  process.send?.({ done: action });
  actions[action]?.();
});
