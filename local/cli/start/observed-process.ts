import type { ServiceWatch } from '../../platform-metrics/index.ts';
import type { ContainerLogs, OutputStream } from './container-logs.ts';
import type { ServiceProcess } from './service-process.ts';

/** Who hears of the service, whatever a person sees of it. */
export interface ServiceObservers {
  container: ContainerLogs;
  metrics: ServiceWatch;
}

/**
 * Starts a process of the service and lets Azure's tables and metrics know of it: its lines, its begin, and its end with
 * whether it was asked for.
 */
export function startObserved(
  start: (output: (chunk: Buffer, stream: OutputStream) => void) => ServiceProcess,
  { container, metrics }: ServiceObservers,
  app: string,
): ServiceProcess {
  let asked = false;
  container.started(app);
  const service = start(container.output);
  metrics.started(service.pid);
  void service.ended.then((ending) => {
    container.ended(ending, asked);
    metrics.ended(!asked);
  });
  return {
    ...service,
    stop() {
      asked = true;
      return service.stop();
    },
    kill() {
      asked = true;
      service.kill();
    },
  };
}
