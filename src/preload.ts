import { enableCompileCache } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { ConfigError, type Fault } from './config/faults.ts';

// Loaded with --import, so that telemetry starts before the libraries that it observes are imported. Worker threads
// inherit the flag; they start no telemetry of their own.
if (isMainThread) {
  enableCompileCache(); // compiling takes a third of the start; no effect where no file can be written

  const faults: Fault[] = [];
  const collect = (error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  };
  await import('./observability/running.ts').catch(collect);
  // The businesses are imported after telemetry has started, so that the libraries that they use are observed.
  await import('./own-settings.ts').catch(collect);
  if (faults.length > 0) {
    process.stderr.write(`${new ConfigError(faults).message}\n`);
    process.exit(1);
  }
}
