import { expect, test } from 'vitest';
import { readRows } from '../../../src/config/environment.ts';
import { settingRows } from '../../../src/config/settings.ts';
import { serviceNameOf } from './service-name.ts';

test.each([{}, { SERVICE_NAME: '' }, { SERVICE_NAME: 'tested' }])('with %j it is what the service reads', (env) => {
  expect(serviceNameOf(env)).toBe(readRows(settingRows, env, []).SERVICE_NAME);
});
