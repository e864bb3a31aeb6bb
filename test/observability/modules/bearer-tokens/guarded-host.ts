import { createTokenVerifier } from '../../../../src/observability/modules/bearer-tokens/token-verifier.ts';
import { runningHost } from '../../../platform/running-host.ts';
import { audience, role, tokenIssuer } from './token-issuer.ts';

/** A service that asks for tokens of a running issuer, and answers who the caller is. */
export async function guarded({ roles = [role], path }: { roles?: string[]; path?: string } = {}, timeoutMs?: number) {
  const issuer = await tokenIssuer(path);
  const tokens = createTokenVerifier({ issuer: issuer.issuer, audience, roles }, timeoutMs);
  const host = await runningHost(
    (router) => {
      router.get('/parcels', (_request, response) => {
        const { caller } = response.locals;
        response.json({ client: caller?.client, object: caller?.object });
      });
    },
    { tokens },
  );
  const ask = (authorization?: string) =>
    fetch(`${host.url}/parcels`, authorization === undefined ? {} : { headers: { authorization } });
  return { issuer, host, ask, status: async (token: string) => (await ask(`Bearer ${token}`)).status };
}
