import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { answerJson } from '../loopback/answer.ts';
import { type JoinedModules, joinModules } from './join-modules.ts';
import { createPreparedFiles, type Prepared } from './prepared-files.ts';
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
/** Below `/assets/`: the module that `index.html` begins with and those that it preloads, with all that they import. */
export const joinedScript = 'page.js';

export interface Assets {
  /** Answers what stands below `/assets/`. */
  answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
  /** The addresses of the modules that are served as one. */
  joined(): Promise<string[]>;
}

/**
 * Serves the page's own files, TypeScript stripped to JavaScript with every position kept, of its libraries those files that
 * the import map names, and as one each the style sheets of `index.html` and the modules that every page needs. What has not
 * changed is answered 304.
 */
export function createAssets({
  page,
  libraries,
}: {
  /** The folder of the page's files. */
  page: string;
  libraries: ReadonlyMap<string, string>;
}): Assets {
  const files = createPreparedFiles();
  const hash = (text: string) => `"${createHash('sha256').update(text).digest('base64url')}"`;
  const document = async () => (await files.file(join(page, 'index.html'))).content.toString();

  const prepareAt = async (path: string): Promise<Prepared> => {
    const [room, ...rest] = path.split('/');
    const below = rest.join('/');
    const isOfPage = room === 'page' && plainPath.test(below) && !ofTests.test(below);
    const file = room === 'npm' ? libraries.get(below) : isOfPage ? join(page, ...rest) : undefined;
    if (file === undefined) throw new Error(`There is no /assets/${path}`);
    return files.file(file);
  };
  /** In the order of the document, because a later rule wins. */
  const prepareStyles = async (): Promise<Prepared> => {
    const addresses = styleAddresses(await document());
    const sheets = await Promise.all(addresses.map((address) => prepareAt(address.slice('/assets/'.length))));
    const tag = hash(sheets.map((sheet) => sheet.tag).join());
    return files.keep(joinedStyles, tag, () => sheets.map(({ content }) => content.toString()).join('\n'));
  };
  const joinScripts = async (): Promise<JoinedModules> =>
    joinModules(entrancesOf(await document()), {
      read: async (path) => (await prepareAt(`page/${path}`)).content.toString(),
      addressOf: (path) => `/assets/page/${path}`,
    });
  const prepareScript = async (): Promise<Prepared> => {
    const { content } = await joinScripts();
    return files.keep(joinedScript, hash(content), () => content);
  };
  const prepare = (path: string): Promise<Prepared> =>
    path === joinedStyles ? prepareStyles() : path === joinedScript ? prepareScript() : prepareAt(path);

  return {
    async answer(request, response, path) {
      const type = types[extname(path)];
      const prepared = type && (await prepare(path).catch(() => undefined));
      if (!prepared) return answerJson(response, 404, { error: `There is no /assets/${path}` });
      answerPrepared(request, response, `${type}; charset=utf-8`, prepared);
    },
    joined: async () => (await joinScripts()).members.map((path) => `/assets/page/${path}`),
  };
}

function answerPrepared(request: IncomingMessage, response: ServerResponse, type: string, prepared: Prepared): void {
  const isKnown = request.headers['if-none-match'] === prepared.tag;
  const isPacked = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(isKnown ? 304 : 200, {
    etag: prepared.tag,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'content-type': type,
    vary: 'accept-encoding',
    ...(isPacked && { 'content-encoding': 'gzip' }),
  });
  if (isKnown || request.method === 'HEAD') return void response.end();
  if (isPacked) prepared.packed ??= gzipSync(prepared.content);
  response.end(isPacked ? prepared.packed : prepared.content);
}

/** The modules that a document wants at once, as paths below `/assets/page/`; the one that it begins with is the last. */
function entrancesOf(html: string): string[] {
  const path = `"/assets/page/([^"]+)"`;
  const links = html.matchAll(new RegExp(`<link rel="modulepreload" href=${path}>`, 'g'));
  const scripts = html.matchAll(new RegExp(`<script type="module" src=${path}>`, 'g'));
  return [...links, ...scripts].map(([, found = '']) => found);
}
