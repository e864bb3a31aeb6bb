import type { TokenCredential } from '@azure/core-auth';
import { decodeJwt } from 'jose';

const scope = 'https://servicebus.azure.net/.default';

/**
 * The object id of the person or identity with whose token the command works; `local` on this machine, where there is no
 * token. The signature needs no check: the command got the token itself. Throws the error of the credential.
 */
export async function objectIdOf(credential: TokenCredential | undefined): Promise<string> {
  const given = await credential?.getToken(scope);
  return given ? String(decodeJwt(given.token).oid) : 'local';
}
