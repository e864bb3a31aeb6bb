import { Script } from 'node:vm';
import { CommandRefused } from '../command-refused.ts';

/** As in `purchase-orders`, and one of them: `purchase-order`. */
export interface BusinessName {
  plural: string;
  singular: string;
}

const form = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const longest = 40;

/** Throws `CommandRefused` when it cannot be the name of a package, a folder, a queue and a function. */
export function readName(given: string): BusinessName {
  if (!form.test(given) || given.length > longest)
    throw new CommandRefused(
      `"${given}" is no name here: up to ${longest} lower-case letters, digits and single hyphens, such as purchase-orders.`,
    );
  const name = { plural: given, singular: singularOf(given) };
  for (const word of [camel(name.plural), camel(name.singular)]) {
    if (!isIdentifier(word)) throw new CommandRefused(`"${word}" is a word of JavaScript: choose another name.`);
  }
  return name;
}

export const camel = (kebab: string): string => kebab.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
export const pascal = (kebab: string): string => camel(`-${kebab}`);

const singularOf = (name: string): string =>
  name
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|sh)es$/, '$1')
    .replace(/([^siu])s$/, '$1');

function isIdentifier(word: string): boolean {
  try {
    new Script(`'use strict'; const ${word} = 1;`); // compiles it, no more
    return true;
  } catch {
    return false;
  }
}

/**
 * A template in the name of another business. Templates are written for `orders`, of which one is an `order`. Quoted or
 * in a path the name has hyphens, elsewhere it is an identifier.
 */
export function renamed(template: string, { plural, singular }: BusinessName): string {
  return template.replaceAll(/orders?|Orders?|ORDERS?/g, (found, at: number) => {
    const name = /s$/i.test(found) ? plural : singular;
    if (found === found.toUpperCase()) return name.toUpperCase().replaceAll('-', '_');
    if (found.startsWith('O')) return pascal(name);
    const isText = /['"`/-]/.test(template[at - 1] ?? '') || template[at + found.length] === '-';
    return isText ? name : camel(name);
  });
}

export const renamedPath = (path: string, { plural, singular }: BusinessName): string =>
  path.replaceAll('orders', plural).replaceAll(/order(?!s)/g, () => singular);

/** Throws `CommandRefused` for a name that templates use for something else, so that the code would mean two things by it. */
export function checkWords({ plural, singular }: BusinessName, templates: readonly string[]): void {
  const codeOf = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^'\n]*'|`[^`]*`/g, '');
  const words = templates.flatMap(
    (text) =>
      codeOf(text)
        .toLowerCase()
        .match(/[a-z]\w*/g) ?? [],
  );
  const taken = new Set(words.filter((word) => !/^orders?$/.test(word)));
  const clash = [plural, singular].find((name) => taken.has(camel(name).toLowerCase()));
  if (clash) throw new CommandRefused(`The code of a business calls something else "${clash}": choose another name.`);
}
