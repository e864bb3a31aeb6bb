import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { joinedScript, joinedStyles } from './assets.ts';
import { withOneStyle } from './style-links.ts';

/** Where `index.html` gets what only the server knows. */
const place = '<!-- head -->';

const asText = (text: string) => text.replaceAll(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);

/** Answers the one document of the page, which its script draws for whatever address it stands at. */
export async function answerDocument(
  response: ServerResponse,
  {
    file,
    token,
    imports,
    joined,
  }: {
    file: string;
    token: string;
    /** Of packages, by name. */
    imports: Readonly<Record<string, string>>;
    /** The addresses of the modules that are served as one. */
    joined: readonly string[];
  },
): Promise<void> {
  const script = `/assets/${joinedScript}`;
  const ofModules = Object.fromEntries(joined.map((address) => [address, script]));
  const importMap = JSON.stringify({ imports: { ...imports, ...ofModules } });
  const nonce = randomBytes(16).toString('base64');
  const html = await readFile(file, 'utf8').catch(() => undefined);
  if (!html?.includes(place)) throw new Error(`${file} is missing, or has no line "${place}".`);
  const head = [
    `<meta name="token" content="${asText(token)}">`,
    `<meta name="nonce" content="${asText(nonce)}">`,
    `<script type="importmap">${importMap}</script>`,
  ];
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy(importMap, nonce),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  const modules = html.replaceAll(/\n[ \t]*<link rel="modulepreload"[^>]*>/g, '');
  const document = withOneStyle(modules, `/assets/${joinedStyles}`).replace(
    /src="\/assets\/page\/[^"]*"/,
    `src="${script}"`,
  );
  response.end(document.replace(place, () => head.join('\n    ')));
}

/** No script runs but those that this server serves, and the import map by its hash; nothing is loaded from elsewhere. */
const policy = (importMap: string, nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
