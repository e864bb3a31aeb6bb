import type { TokenCredential } from '@azure/core-auth';
import { diag } from '@opentelemetry/api';

/**
 * The exporter drops a batch for which it gets no token. With a token that is none the endpoint answers 401, and the
 * exporter stores the batch.
 */
export const neverWithoutToken = (credential: TokenCredential): TokenCredential => ({
  async getToken(...request) {
    const token = await credential.getToken(...request).catch((error) => diag.error('no token for telemetry:', error));
    return token || { token: 'none', expiresOnTimestamp: Date.now() }; // so that each batch asks anew
  },
});
