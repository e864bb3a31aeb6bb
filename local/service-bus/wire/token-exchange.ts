import rhea from 'rhea';
import type { Answer, Request } from './request-link.ts';

/** Takes every token that is put to `$cbs`: a test double on loopback has nobody to keep out. */
export function answerTokenRequest({ operation }: Request): Answer {
  const known = operation === 'put-token';
  return {
    properties: {
      'status-code': rhea.types.wrap_int(known ? 202 : 501),
      'status-description': known ? 'Accepted' : `There is no operation ${operation}`,
    },
  };
}
