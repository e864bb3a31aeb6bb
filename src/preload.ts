import { enableCompileCache } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { ConfigError } from './config/faults.ts';

// Loaded with --import: telemetry starts before anything that it observes is imported. Worker threads inherit the flag.
if (isMainThread) {
  enableCompileCache(); // a third of the start is compiling; where nothing can be written it does nothing

  const failure = await import('./observability/running.ts').then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure !== undefined && !(failure instanceof ConfigError)) throw failure;

  // Only now the businesses: what they import is observed. One message tells the faults of the file and of all variables.
  const { loadServiceConfig } = await import('./service-config.ts');
  try {
    loadServiceConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
