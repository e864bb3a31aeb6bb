import { expect } from 'vitest';
import { copyInfra, predict, testWithCompiler } from './bicep.ts';

/** A public service at level 1 that asks for tokens with these roles. */
const withRoles = (roles: string) =>
  `{ level: 1, modules: { add: ['bearer-tokens'] }, deployment: { public: true, tokens: { issuer: 'https://login.example.com', audience: 'api', roles: ${roles} } } }`;

testWithCompiler(
  'a public service whose tokens need no role is refused with a sentence, and with roles an output names them',
  async (compiler) => {
    const folder = await copyInfra();
    await expect(predict(compiler, folder, { config: withRoles('[]') })).rejects.toThrow(
      /lacks the roles, so that every application of the tenant could call: name it/,
    );
    const { outputs } = await predict(compiler, folder, { config: withRoles("['Orders.Send']") });
    expect(outputs.ACCESS_NOTICE).toMatch(/asks for tokens with one of the roles/);
  },
);
