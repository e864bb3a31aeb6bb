const longestPattern = 200;
const mostCharacters = 2_000; // of all alternatives together; each costs at most 255 comparisons with a file name

type Matches = (character: string) => boolean;
const anyText: Matches = () => true;
const anyCharacter: Matches = () => true;

/**
 * Returns a function that tests whether a whole text matches the pattern, letter case ignored. `*` stands for any text,
 * `?` for one character, `[a-z]` and `[!a-z]` for one of a set, `{a,b}` for alternatives; everything else stands for
 * itself. Only the last `*` is tried again, so that no pattern and no text can block the process; Node's own globs took
 * 8 seconds for five `*` and 120 characters. Texts are compared in Unicode's composed form, so that a name typed on another system matches. Throws
 * a sentence when the pattern is not valid.
 */
export function createGlob(pattern: string): (text: string) => boolean {
  if (pattern.length > longestPattern) throw new Error(`a pattern holds at most ${longestPattern} characters`);
  const alternatives = expandBraces(folded(pattern)).map(readPattern);
  return (text) => {
    const characters = [...folded(text)];
    return alternatives.some((alternative) => fits(alternative, characters));
  };
}

const folded = (text: string) => text.normalize('NFC').toLowerCase();

/** `a{b,c}` as `ab` and `ac`, the innermost braces first. */
function expandBraces(pattern: string): string[] {
  const expanded: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [braces, choices] = /\{([^{}]*)\}/.exec(next) ?? [];
    if (braces === undefined || choices === undefined) expanded.push(next);
    else for (const choice of choices.split(',')) open.push(next.replace(braces, () => choice));
    if ([...expanded, ...open].join(',').length > mostCharacters)
      throw new Error(`the alternatives in braces hold more than ${mostCharacters} characters together`);
  }
  if (expanded.some((alternative) => /[{}]/.test(alternative))) throw new Error('a brace has no partner');
  return expanded;
}

/** Each element matches one character, except `anyText`, which stands for one or more `*`. */
function readPattern(pattern: string): Matches[] {
  return (pattern.match(/\[!?[^[\]]+\]|\*+|[^*]/gsu) ?? []).map((token) => {
    if (token.startsWith('*')) return anyText;
    if (token === '?') return anyCharacter;
    return token.startsWith('[') && token.endsWith(']') ? readSet(token) : (character) => character === token;
  });
}

function readSet(token: string): Matches {
  const isNegated = token[1] === '!';
  const members = token.slice(isNegated ? 2 : 1, -1).replaceAll(/[\\^]/g, '\\$&');
  try {
    const set = new RegExp(`^[${isNegated ? '^' : ''}${members}]$`, 'su');
    return (character) => set.test(character);
  } catch {
    throw new Error(`${token} is no set of characters`);
  }
}

/**
 * When a character does not match, the last `*` takes one character more. An earlier `*` could not find more matches.
 */
function fits(pattern: readonly Matches[], characters: readonly string[]): boolean {
  let at = 0;
  let afterStar = -1;
  let taken = 0;
  for (let position = 0; position < characters.length; ) {
    const matches = pattern[at];
    if (matches === anyText) {
      afterStar = ++at;
      taken = position;
    } else if (matches?.(characters[position] as string)) {
      at++;
      position++;
    } else if (afterStar >= 0) {
      at = afterStar;
      position = ++taken;
    } else return false;
  }
  while (pattern[at] === anyText) at++;
  return at === pattern.length;
}
