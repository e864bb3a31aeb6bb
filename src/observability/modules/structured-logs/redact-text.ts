export const hidden = 'REDACTED';

const longestText = 8_192;
/** No secret that has to be seen whole to be known (a URL's user information) is longer. */
const longestPartial = 256;

/** Most text holds none of these, and then nothing else needs to be looked for. */
const suspicious = /[=:]|eyJ|bearer|basic|SharedAccessSignature|-----BEGIN/i;

const secretNames =
  '(?:(?:password|passwd|passphrase|secret|token|credential|signature|cookie|authorization)[\\w-]{0,20}(?<!error|exception)|' +
  '(?:shared|access|account|api|instrumentation|private|primary|secondary|subscription|function|master)[_-]?key|' +
  '\\b(?:pwd|sig|sas))';
const quotedOrBare = `(?:"(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?|\\\\+"[^"\\\\]*|[^\\s"',;&}]+)`;

/** In this order. Each leaves standing what kind of value was there. Every repetition is bounded or cannot backtrack. */
const patterns: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, hidden],
  [/\b((?:set-)?cookie|(?:proxy-)?authorization)(\s{0,8}:\s{0,8})[^\r\n"']+/gi, `$1$2${hidden}`],
  [/\b(bearer)\s{1,8}(?!(?:tokens?|auth\w*|realm|scheme|error)\b)[\w.~+/=-]+/gi, `$1 ${hidden}`],
  [/\b(Basic)\s{1,8}(?=[\w+/]+[A-Z\d+/=])[\w+/]{6,}={0,2}/g, `$1 ${hidden}`],
  [/\b(SharedAccessSignature)\s{1,8}[\w.~+/=&%-]+/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]{5,}(?:\.[\w-]*)*/g, hidden],
  // The user information of a URL.
  [/(\b[a-z][a-z\d+.-]{0,15}:\/\/)[^\s/?#"'<>]{1,256}@/gi, `$1${hidden}@`],
  // Each value of a query, in whole URLs and in paths.
  [/([?&][^\s=&#?"'<>]{1,128}=)[^\s&#"'<>]+/g, `$1${hidden}`],
  [new RegExp(`(${secretNames}[\\\\"']{0,4}\\s{0,8}[:=]\\s{0,8})${quotedOrBare}`, 'gi'), `$1${hidden}`],
];

/**
 * Text without secrets: connection strings, signatures, tokens, keys, passwords, and credentials and query values of
 * URLs. Cut at `limit` characters.
 */
export function redactText(text: string, limit = longestText): string {
  if (text.length <= limit && !suspicious.test(text)) return text;
  // Redacted before it is cut, so that a secret across the cut is known; bounded, because patterns cost time.
  const examined = text.slice(0, limit * 2);
  let safe = examined;
  for (const [pattern, replacement] of patterns) safe = safe.replace(pattern, replacement);
  const readable = examined.length < text.length ? safe.length - longestPartial : safe.length;
  const length = Math.max(0, Math.min(limit, readable));
  return length < safe.length ? `${safe.slice(0, length)}… (cut)` : safe;
}
