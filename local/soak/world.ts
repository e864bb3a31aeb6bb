import { type RunningService, startService } from '../test/service/running-service.ts';
import { type StandIns, startStandIns } from './soak-stand-ins.ts';

/** The real service at one level, and everything around it that a scenario can break. */
export interface World extends StandIns {
  /** The one that takes files; it is also the worker unless the two are apart. */
  readonly api: RunningService;
  /** Kills the process that receives and starts another in its place. */
  replaceWorker(): Promise<void>;
  /** Stops the service as a platform does, so that its last telemetry is there. */
  endService(): Promise<void>;
}

/** Starts the service as in production, with its own export intervals; `split`: API and worker as two processes. */
export async function startWorld({ level, split }: { level: number; split: boolean }): Promise<World> {
  const standIns = await startStandIns();
  const start = (roles: string) =>
    startService(standIns, {
      config: { level, logs: { console: 'all' } },
      env: { OTEL_BSP_SCHEDULE_DELAY: undefined, OTEL_BLRP_SCHEDULE_DELAY: undefined, SERVICE_ROLES: roles },
    });
  try {
    const api = await start(split ? 'api' : 'api,worker');
    let worker = split ? await start('worker') : api;
    return {
      ...standIns,
      api,
      async replaceWorker() {
        await worker.kill();
        worker = await start('worker');
      },
      async endService() {
        await Promise.all([api.stop(), worker.stop()]);
      },
      async stop() {
        await Promise.all([api.kill(), worker.kill()]);
        await standIns.stop();
      },
    };
  } catch (error) {
    await standIns.stop();
    throw error;
  }
}
