import { UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { objectIdOf } from '../../dead-letters/object-id.ts';

const oid = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const credentialFor = (claims: object) => ({
  async getToken(scope: string | string[]) {
    expect(scope).toBe('https://servicebus.azure.net/.default');
    return { token: new UnsecuredJWT({ ...claims }).encode(), expiresOnTimestamp: Date.now() + 60_000 };
  },
});

test('the actor is the object id in the token that changes the messages', async () => {
  expect(await objectIdOf(credentialFor({ oid, name: 'Ada' }))).toBe(oid);
});

test('on this machine, where there is no token, the actor is "local"', async () => {
  expect(await objectIdOf(undefined)).toBe('local');
});
