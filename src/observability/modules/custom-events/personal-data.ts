import { createHmac, randomBytes } from 'node:crypto';
import type { Logger } from '../../../platform/log.ts';

/**
 * Returns the function that hashes personal data (HMAC-SHA-256, hexadecimal): the same text gives the same hash while the
 * key stays. Without a key the process makes one at the first value and says so: nothing personal leaves it either way.
 */
export function createPersonalHash(given: string | undefined, log: Logger): (text: string) => string {
  let key: string | Buffer | undefined = given;
  return (text) => {
    if (key === undefined) {
      key = randomBytes(32);
      log.warning(
        'personal data is hashed with a key of this process alone: set PERSONAL_DATA_KEY, so that all replicas hash alike',
      );
    }
    return createHmac('sha256', key).update(text).digest('hex');
  };
}
