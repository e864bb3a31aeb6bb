const secretParts =
  /authorization|cookie|passw|passphrase|passcode|pwd|secret|token|credential|signature|clientprincipal|connectionstring|apikey|accesskey|bearer|jwt/;
const secretWords = new Set(['auth', 'pass', 'sas', 'sig', 'otp', 'pin']);
/** A key is taken for a secret one unless the word before it says otherwise: `idempotencyKey`, `partitionKey`. */
const openKeys = new Set(
  'idempotency partition routing row sort foreign cache object blob file message correlation group dedupe public'.split(
    ' ',
  ),
);
/** What these hold is a map from names, which are shown, to values, which are not. */
const hiddenValues = /^(?:raw|request|response|http)?headers?$|^(?:search|query)params$|^query(?:string)?$/;

export type Secrecy = 'open' | 'secret' | 'values';

const known = new Map<string, Secrecy>();
const namesHeld = 1_000;

/** What a field's name says of its value, in any spelling: `apiKey`, `x-api-key`, `API_KEY`. */
export function judgeName(fullName: string): Secrecy {
  const name = fullName.slice(-100);
  const before = known.get(name);
  if (before) return before;
  const secrecy = judge(name);
  if (known.size >= namesHeld) known.clear();
  known.set(name, secrecy);
  return secrecy;
}

function judge(name: string): Secrecy {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);
  const joined = words.join('');
  if (hiddenValues.test(joined)) return 'values';
  if (words.at(-1) === 'name') return 'open'; // `SharedAccessKeyName`
  if (secretParts.test(joined) || words.some((word) => secretWords.has(word))) return 'secret';
  const last = words.at(-1);
  const isKey = last === 'key' || last === 'keys';
  return isKey && !openKeys.has(words.at(-2) ?? '') ? 'secret' : 'open';
}
