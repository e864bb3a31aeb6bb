import { expect, test } from 'vitest';
import { neverWithoutToken } from '../../../../src/observability/modules/application-insights/never-without-token.ts';

test('a token that cannot be had is no reason for the exporter to drop the batch: the endpoint decides', async () => {
  const credential = neverWithoutToken({ getToken: () => Promise.reject(new Error('no metadata service')) });
  const token = await credential.getToken('https://monitor.azure.com/.default');
  expect(token?.token).toBe('none');
  expect(token?.expiresOnTimestamp).toBeLessThanOrEqual(Date.now()); // the next batch asks again
});
