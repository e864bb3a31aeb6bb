import { textOf } from '../../../src/config/environment.ts';
import { settingRows } from '../../../src/config/settings.ts';

/** The name under which the service reports when it is started with these variables; `npm run init` changes the default. */
export const serviceNameOf = (env: NodeJS.ProcessEnv): string =>
  textOf(env, 'SERVICE_NAME') ?? settingRows.SERVICE_NAME.default;
