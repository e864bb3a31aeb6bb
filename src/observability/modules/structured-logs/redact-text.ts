import { hideNamedValues } from './named-secrets.ts';

export const hidden = 'REDACTED';

const longestText = 8_192;
/** The longest secret that is recognised only when it is complete: the user information of a URL. */
const longestPartial = 256;

/** Text that matches none of these has no secret; most text does not. */
const suspicious = /[=:@]|eyJ|basic|bearer|key|passw|secret|token|SharedAccessSignature|xox|gh[a-z]_|AKIA|-----BEGIN/i;

/**
 * Secrets recognised by their shape, replaced in this order; what remains tells which kind of secret it was. Every
 * repetition is bounded or cannot backtrack.
 */
const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, hidden],
  [/\b(bearer)\s{1,8}(?!(?:tokens?|auth\w*|realm|scheme|error)\b)[\w.~+/=-]+/gi, `$1 ${hidden}`],
  [/\b(Basic)\s{1,8}(?=[\w+/]+[A-Z\d+/=])[\w+/]{6,}={0,2}/g, `$1 ${hidden}`],
  [/\b(SharedAccessSignature)\s{1,8}[\w.~+/=&%-]+/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]{5,}(?:\.[\w-]*)*/g, hidden],
  [/\b(?:xox[a-z]-|gh[a-z]_|github_pat_|glpat-|AKIA)[\w-]{8,}/g, hidden],
  // The user information of a URL. A password may contain a slash; a port is not a password.
  [
    /(\b[a-z][a-z\d+.-]{0,15}:\/\/)(?:[^\s/?#"'<>]{1,256}|[^\s/:@"'<>]{0,64}:(?!\d{1,5}[/?#])[^\s@"'<>]{1,256})@/gi,
    `$1${hidden}@`,
  ],
  // Each value of a query, in URLs and in paths. After `code=` an authorization code, but not the code of an error.
  [/([?&][^\s=&#?"'<>]{1,128}=)[^\s&#"'<>]+/g, `$1${hidden}`],
  [/\b(code=)(?!-?\d+\b|[A-Z\d_]+\b|[a-z:_-]+\b)[\w.~+/=%-]+/g, `$1${hidden}`],
  [/\b[\w.%+-]{1,64}(@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){0,8}\.[a-z]{2,24}\b)/gi, `${hidden}$1`],
  // Arguments of commands.
  [/(\s--?[\w-]{0,40}(?:pass|passw(?:or)?d|pwd|token|secret|key)\s{1,8})[^\s-]\S*/gi, `$1${hidden}`],
  // In a sentence, when what follows is neither an ordinary word nor the name of a variable.
  [
    /\b((?:[Pp]ass(?:word|wd|phrase|code)|[Ss]ecret|[Tt]oken|(?:[Aa]pi|[Aa]ccess|[Aa]ccount)[ _-]?[Kk]ey)(?: is)?\s{1,8}["'`]?)(?![A-Z]+_[A-Z_]+\b)(?=[^\s"'`]{0,200}(?:\d|[a-z][A-Z]|[A-Z]{2}))[^\s"'`]{6,}/g,
    `$1${hidden}`,
  ],
];

/**
 * Returns the text without secrets and e-mail addresses: connection strings, signatures, tokens, keys, passwords,
 * cookies, credentials and query values of URLs, in sentences, JSON and output of `util.inspect`. Cuts it at `limit`
 * characters.
 */
export function redactText(text: string, limit = longestText): string {
  if (text.length <= limit && !suspicious.test(text)) return text;
  // Redact before cutting, so that a secret across the cut is recognised. Patterns cost time: examine twice the limit.
  const examined = text.slice(0, limit * 2);
  let safe = examined;
  for (const [shape, replacement] of shapes) safe = safe.replace(shape, replacement);
  safe = hideNamedValues(safe, hidden);
  const readable = examined.length < text.length ? safe.length - longestPartial : safe.length;
  const length = Math.max(0, Math.min(limit, readable));
  return length < safe.length ? `${safe.slice(0, length)}… (cut)` : safe;
}
