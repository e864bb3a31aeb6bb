const secretParts =
  /authorization|cookie|passw|passphrase|passcode|pwd|secret|token|credential|signature|clientprincipal|connectionstring|apikey|accesskey|bearer|jwt/;
const secretWords = /\b(?:auth|pass|sas|sig|otp|pin)\b/;
/** A key counts as a secret unless the word before it says otherwise: `idempotencyKey`, `partitionKey`. */
const openKeys =
  /\b(?:idempotency|partition|routing|row|sort|foreign|cache|object|blob|file|message|correlation|group|dedupe|public) keys?$/;
/** Under these names stands a map: its names are shown, its values are hidden. */
const hiddenValues = /^(?:raw|request|response|http)?headers?$|^(?:search|query)params$|^query(?:string)?$/;

/** `secret`: hide everything under the name. `values`: hide the values of the map under it. `open`: look inside. */
export type Secrecy = 'open' | 'secret' | 'values';

/** Tells from the name of a field how secret its value is, in any spelling: `apiKey`, `x-api-key`, `API_KEY`. */
export function judgeName(fullName: string): Secrecy {
  const name = fullName.slice(-100);
  const joined = name.toLowerCase().replaceAll(/[^a-z\d]+/g, '');
  if (hiddenValues.test(joined)) return 'values';
  // Most names end here: to find their words takes ten times as long.
  if (!secretParts.test(joined) && !/auth|pass|sas|sig|otp|pin|keys?$/.test(joined)) return 'open';
  const spaced = name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  const words = spaced.match(/[a-z\d]+/g)?.join(' ') ?? '';
  if (/\bname$/.test(words)) return 'open'; // `SharedAccessKeyName`
  if (secretParts.test(joined) || secretWords.test(words)) return 'secret';
  return /\bkeys?$/.test(words) && !openKeys.test(words) ? 'secret' : 'open';
}
