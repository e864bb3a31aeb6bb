import type { TokenCredential } from '@azure/core-auth';
import { diag } from '@opentelemetry/api';

/**
 * The exporter drops a batch it gets no token for, before anybody below it has seen it. With a token that is none the
 * endpoint answers 401: a spool keeps the batch, and without one its loss is told as any other.
 */
export const neverWithoutToken = (credential: TokenCredential): TokenCredential => ({
  async getToken(...request) {
    try {
      const token = await credential.getToken(...request);
      if (token) return token;
      diag.error('no token for telemetry');
    } catch (error) {
      diag.error('no token for telemetry:', error);
    }
    return { token: 'none', expiresOnTimestamp: Date.now() }; // so that each batch asks anew
  },
});
