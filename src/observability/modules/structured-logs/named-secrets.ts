import { judgeName } from './secret-names.ts';

/** A name, and what separates it from its value in JSON, headers, `util.inspect`, connection strings, forms and XML. */
const nameBefore = /(?<![\w$-])([\w$-]+)[\]\\"'`)]{0,8}\s{0,8}(=>|:=|[:=]|(?<=<[\w-]{1,64})>)\s{0,8}/g;
/** Not a secret: a value such as `undefined`, or a stack frame on the next line. */
const harmless = /(?:(?:null|undefined|true|false)(?![\w.~+/=%-])|at )/y;
/** In JSON within JSON a quote of the same depth ends the text: `\"` does, but not when it is part of `\\\"`. */
const quoted = /(\\*)(["'`])[\s\S]*?(?:(?<!\\)(?:(?:\1\\){2})*\1\2|$)/y;
const continued = /\s{0,8}\+\s{0,8}(?=\\*["'`])/y;
const bracketed = /(?:\[[^\]\n]{0,60}\] |[\w$]{1,60}(?:\(\d{1,9}\))? )?[[{]/y; // `Headers {`, `Map(1) {`
const line = /[^\r\n]+/y;
const bare = /(?:<[^>\r\n]*>?|[^\s"'`;,&<]|[,&](?!["'`\s]|[\w.-]*[:=]|$))+/y;
const connectionPart = /[^;\r\n"'`]+(?=;)/y; // in a connection string a value may hold spaces
/** After these names and a colon the value is the rest of the line, spaces included. */
const namesOfLines = /authorization|cookie|passw|passphrase/i;
/** Names of classes, not of secrets: `TokenExpiredError: jwt expired`, `ManagedIdentityCredential: unreachable`. */
const classNames = /^[A-Z]\w*[a-z](?:Error|Exception|Credential)$/;
const kindsOfKeys = /(?:access|account|api|function|host|master|primary|private|secondary|shared|subscription) $/i;

/**
 * Replaces the value after each name of a secret by `hidden`: a word, quoted text, a list, an object or the rest of a
 * header's line.
 */
export function hideNamedValues(text: string, hidden: string): string {
  let safe = '';
  let from = 0;
  nameBefore.lastIndex = 0;
  for (let found = nameBefore.exec(text); found; found = nameBefore.exec(text)) {
    const [, name = '', sign = ''] = found;
    const start = nameBefore.lastIndex;
    const end = isSecret(text, found.index, name, start) ? endOfValue(text, start, name, sign) : start;
    if (end === start) continue;
    safe += text.slice(from, start) + hidden;
    nameBefore.lastIndex = from = end;
  }
  return safe + text.slice(from);
}

function isSecret(text: string, index: number, name: string, start: number): boolean {
  const secrecy = judgeName(name);
  if (secrecy === 'open' || classNames.test(name) || endOf(harmless, text, start)) return false;
  if (secrecy === 'values') return endOf(bracketed, text, start) !== undefined;
  // In a sentence the word before decides: `account key: …` is a secret, `unrecognized key: …` is not.
  const before = text.slice(Math.max(0, index - 16), index);
  return !/^keys?$/i.test(name) || !/\w $/.test(before) || kindsOfKeys.test(before);
}

function endOfValue(text: string, start: number, name: string, sign: string): number {
  const closed = endOfQuoted(text, start);
  if (closed) return closed;
  const opened = endOf(bracketed, text, start);
  if (opened) return endOfBrackets(text, opened - 1);
  if (sign !== '=' && namesOfLines.test(name)) return endOf(line, text, start) ?? start;
  const end = endOf(bare, text, start) ?? start;
  return (sign === '=' && endOf(connectionPart, text, end)) || end;
}

/** Returns where a match that begins at `start` ends. */
function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Texts with `+` between are one: so `util.inspect` breaks a long text. */
function endOfQuoted(text: string, start: number): number | undefined {
  const end = endOf(quoted, text, start);
  const next = end && endOf(continued, text, end);
  return next ? endOfQuoted(text, next) : end;
}

function endOfBrackets(text: string, start: number): number {
  const marks = /\\{0,16}["'`]|[[\]{}]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    if (/["'`]$/.test(found[0])) marks.lastIndex = endOfQuoted(text, found.index) ?? text.length;
    else depth += /[[{]/.test(found[0]) ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}
