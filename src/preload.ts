import { enableCompileCache } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { ConfigError, type Fault } from './config/faults.ts';

// Loaded with --import: telemetry starts before anything that it observes is imported. Worker threads inherit the flag.
if (isMainThread) {
  enableCompileCache(); // a third of the start is compiling; where nothing can be written it does nothing

  const faults: Fault[] = [];
  const collect = (error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  };
  await import('./observability/running.ts').catch(collect);
  // The businesses come after telemetry has started: what they import is observed.
  await import('./own-settings.ts').catch(collect);
  if (faults.length > 0) {
    process.stderr.write(`${new ConfigError(faults).message}\n`);
    process.exit(1);
  }
}
