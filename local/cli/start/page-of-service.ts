import type { LocalSetup } from '../../business/local-setup.ts';
import type { ControlledService } from '../../dashboard/index.ts';
import type { Run } from '../../run-file/index.ts';
import { readEnvFile, withFile } from './env-file.ts';
import { shownLevel } from './level.ts';
import { serviceNameOf } from './service-name.ts';
import type { ServiceSwitch } from './service-switch.ts';

/** The service as the page sees it. `shown` answers where everything is, once that is known. */
export function pageOfService({
  root,
  env,
  setup,
  serviceSwitch,
  shown,
}: {
  root: string;
  env: NodeJS.ProcessEnv;
  setup: Pick<LocalSetup, 'businesses'>;
  serviceSwitch: ServiceSwitch;
  shown: () => { run: Run; file: string } | undefined;
}): ControlledService {
  return {
    facts() {
      const fileLevel = shownLevel(root, withFile(env, readEnvFile(root).variables));
      const { level: switchedTo, news } = serviceSwitch;
      return {
        name: env.SERVICE_NAME || setup.businesses[0]?.name || serviceNameOf(env),
        service: shown()?.run.service ?? '',
        level: switchedTo ?? fileLevel,
        fileLevel,
        switchedTo,
        ...news,
      };
    },
    switchTo: serviceSwitch.switchTo,
    runFile: () => shown()?.file,
  };
}
