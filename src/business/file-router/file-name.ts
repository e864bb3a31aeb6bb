import { Problem } from '../../platform/problem.ts';

export const maxNameBytes = 255; // the limit of common file systems
const pathSeparators = /[/\\]/;
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u; // control characters, line ends, direction overrides

const invalidName = (detail: string) =>
  new Problem({ type: 'invalid-file-name', title: 'Invalid file name', status: 400, detail });

/**
 * The file's name from the header `x-file-name`: percent-encoded UTF-8, because header values are Latin-1.
 * Throws a `Problem` (400) that says what is wrong without repeating the name.
 */
export function readFileName(header: string | undefined): string {
  if (!header) throw invalidName('Send the name in the header x-file-name, percent-encoded as UTF-8.');
  let name: string;
  try {
    name = decodeURIComponent(header);
  } catch {
    throw invalidName('The header x-file-name is not percent-encoded UTF-8.');
  }
  if (pathSeparators.test(name) || name === '.' || name === '..')
    throw invalidName('The name must not contain a path.');
  if (invisible.test(name)) throw invalidName('The name must not contain control characters.');
  if (name.trim() === '') throw invalidName('The name must not be blank.');
  if (Buffer.byteLength(name) > maxNameBytes)
    throw invalidName(`The name must not be longer than ${maxNameBytes} bytes in UTF-8.`);
  return name;
}
