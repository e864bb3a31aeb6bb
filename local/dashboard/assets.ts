import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { answerJson } from '../loopback/answer.ts';
import { styleAddresses } from './style-links.ts';

const types: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** No folder above, nothing hidden, nothing encoded. */
const plainPath = /^(?:[A-Za-z0-9_-][\w.-]*\/)*[A-Za-z0-9_-][\w.-]*$/;
const ofTests = /\.(?:test|fixture)\.ts$/;
/** Below `/assets/`: the style sheets of `index.html` in one answer. */
export const joinedStyles = 'styles.css';

interface Prepared {
  tag: string;
  content: string | Buffer;
}

/** Answers what stands below `/assets/`. */
export type AnswerAsset = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

/**
 * Serves the page's own files, TypeScript stripped to JavaScript with every position kept, of its libraries those files that
 * the import map names, and all style sheets of `index.html` as one. What has not changed is answered 304.
 */
export function createAssets({
  page,
  libraries,
}: {
  /** The folder of the page's files. */
  page: string;
  libraries: ReadonlyMap<string, string>;
}): AnswerAsset {
  const kept = new Map<string, Prepared>();

  const fileOf = (path: string): string | undefined => {
    const [room, ...rest] = path.split('/');
    const below = rest.join('/');
    if (room === 'npm') return libraries.get(below);
    if (room !== 'page' || !plainPath.test(below) || ofTests.test(below)) return undefined;
    return join(page, ...rest);
  };
  const prepareFile = async (file: string): Promise<Prepared> => {
    const { mtimeMs, size } = await stat(file);
    const tag = `"${mtimeMs.toString(36)}-${size.toString(36)}"`;
    const known = kept.get(file);
    if (known?.tag === tag) return known;
    const content = await readFile(file);
    const prepared = { tag, content: extname(file) === '.ts' ? strip(content.toString('utf8')) : content };
    kept.set(file, prepared);
    return prepared;
  };

  const prepareAt = async (path: string): Promise<Prepared> => {
    const file = fileOf(path);
    if (file === undefined) throw new Error(`There is no /assets/${path}`);
    return prepareFile(file);
  };
  /** In the order of the document, because a later rule wins. */
  const prepareStyles = async (): Promise<Prepared> => {
    const { content } = await prepareFile(join(page, 'index.html'));
    const addresses = styleAddresses(content.toString('utf8'));
    const sheets = await Promise.all(addresses.map((address) => prepareAt(address.slice('/assets/'.length))));
    const tag = `"${createHash('sha256')
      .update(sheets.map((sheet) => sheet.tag).join())
      .digest('base64url')}"`;
    return { tag, content: sheets.map((sheet) => sheet.content.toString()).join('\n') };
  };

  return async (request, response, path) => {
    const type = types[extname(path)];
    const prepare = path === joinedStyles ? prepareStyles : () => prepareAt(path);
    const prepared = type && (await prepare().catch(() => undefined));
    if (!prepared) return answerJson(response, 404, { error: `There is no /assets/${path}` });
    const headers = { etag: prepared.tag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
    const isKnown = request.headers['if-none-match'] === prepared.tag;
    response.writeHead(isKnown ? 304 : 200, { ...headers, 'content-type': `${type}; charset=utf-8` });
    response.end(isKnown || request.method === 'HEAD' ? undefined : prepared.content);
  };
}

/** Node calls stripping experimental, once a process: that belongs to no log of a service. */
function strip(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
