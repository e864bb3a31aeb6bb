import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestedDashboard, testedDashboard, token } from './dashboard.fixture.ts';

let tested: TestedDashboard;
beforeAll(async () => {
  tested = await testedDashboard();
});
afterAll(() => tested.stop());

const json = { 'content-type': 'application/json' };
const allowed = { ...json, authorization: `Bearer ${token}` };

test('the page stands at every address, carries the token, and runs no script but its own', async () => {
  for (const path of ['/', '/transactions/4bf92f35', '/queues/parcels?tab=dead']) {
    const { status, text, headers } = await tested.ask('GET', path);
    expect(status, path).toBe(200);
    expect(text).toContain(`<meta name="token" content="${token}">`);
    const [, importMap = ''] = /<script type="importmap">(.*)<\/script>/.exec(text) ?? [];
    const policy = headers.get('content-security-policy') ?? '';
    const hash = createHash('sha256').update(importMap).digest('base64');
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const [, nonce = ''] = /<meta name="nonce" content="([^"]+)">/.exec(text) ?? [];
    expect(policy).toContain(`'nonce-${nonce}'`);
    expect(JSON.parse(importMap).imports).toMatchObject({ preact: expect.stringContaining('/assets/npm/preact/') });
  }
});

test('every library of the import map is served as a script', async () => {
  const { text } = await tested.ask('GET', '/');
  const [, importMap = '{}'] = /<script type="importmap">(.*)<\/script>/.exec(text) ?? [];
  const imports = Object.entries(JSON.parse(importMap).imports as Record<string, string>);
  const imported = /^(?:import|export)[^'"\n]*?(?:from)?\s*['"]([^'"]+)['"]/gm;
  const known = imports.map(([name]) => name);
  expect(known).toEqual(
    expect.arrayContaining(['preact/hooks', 'htm/preact', 'uplot', '@codemirror/view', 'style-mod']),
  );
  for (const [name, path] of imports) {
    const answer = await tested.ask('GET', path);
    expect(answer.status, name).toBe(200);
    expect(answer.headers.get('content-type'), name).toContain('text/javascript');
    for (const [, each = ''] of answer.text.matchAll(imported))
      expect(known, `${name} imports ${each}`).toContain(each);
  }
  expect((await tested.ask('GET', '/assets/npm/uplot/dist/uPlot.min.css')).headers.get('content-type')).toContain(
    'css',
  );
});

test("the page's TypeScript is stripped with its positions kept, and what has not changed is not sent again", async () => {
  const first = await tested.ask('GET', '/assets/page/main.ts');
  expect(first.text.split('\n')[1]).toBe('export const n         = 1;');
  expect(first.headers.get('content-type')).toContain('text/javascript');
  const tag = first.headers.get('etag') ?? '';
  expect(await tested.ask('GET', '/assets/page/main.ts', { headers: { 'if-none-match': tag } })).toMatchObject({
    status: 304,
    text: '',
  });
});

test('the style sheets of the document are one answer, a later one after an earlier, until one of them changes', async () => {
  const { text: document } = await tested.ask('GET', '/');
  expect(document.match(/<link rel="stylesheet"[^>]*>/g)).toEqual([
    '<link rel="stylesheet" href="/assets/styles.css">',
  ]);
  expect(document).toContain('src="/assets/page.js"');
  const first = await tested.ask('GET', '/assets/styles.css');
  expect(first.headers.get('content-type')).toContain('text/css');
  expect(first.text).toMatch(/\.uplot[\s\S]*color: red[\s\S]*color: green/);
  const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
  expect(await tested.ask('GET', '/assets/styles.css', { headers })).toMatchObject({ status: 304, text: '' });
  await writeFile(join(tested.page, 'early.css'), 'a { color: yellow; }');
  expect((await tested.ask('GET', '/assets/styles.css', { headers })).text).toMatch(/color: yellow[\s\S]*color: green/);
});

test('what every page needs is one script, packed where the browser unpacks it, and no module of it runs twice', async () => {
  const { text: document } = await tested.ask('GET', '/');
  const [, importMap = '{}'] = /<script type="importmap">(.*)<\/script>/.exec(document) ?? [];
  const { imports } = JSON.parse(importMap) as { imports: Record<string, string> };
  for (const member of ['main', 'early-part']) expect(imports[`/assets/page/${member}.ts`]).toBe('/assets/page.js');
  expect(document).not.toContain('modulepreload');
  const { text: script } = await tested.ask('GET', '/assets/page.js');
  expect(script.match(/const part = 'once'/g)).toHaveLength(1);
  const packed = await fetch(new URL('/assets/page.js', tested.url), { headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect(await packed.text()).toBe(script);
});

test.each([
  '/assets/page/../dashboard-server.ts',
  '/assets/page/..%2fdashboard-server.ts',
  '/assets/page/%2e%2e/dashboard-server.ts',
  '/assets/page//etc/passwd',
  '/assets/page/main.test.ts',
  '/assets/page/.hidden.ts',
  '/assets/npm/preact/package.json',
  '/assets/npm/vitest/package.json',
  '/assets/',
])('%s is not served', async (path) => {
  const answer = await tested.ask('GET', path);
  expect(answer.text).not.toMatch(/"name"|createDashboardServer|secret|root:/);
  if (answer.status === 200) expect(answer.headers.get('content-type')).toContain('text/html');
  else expect(answer.status).toBe(404);
});

test.each([
  ['a foreign Host', { ...allowed, host: 'evil.example' }, 403],
  ['a foreign Origin', { ...allowed, origin: 'http://evil.example' }, 403],
  ["a form's type", { 'content-type': 'text/plain', authorization: `Bearer ${token}` }, 415],
  ['no token', json, 401],
  ['another token', { ...json, authorization: `Bearer ${token.slice(0, -1)}!` }, 401],
])('what changes something with %s is refused, and nothing changes', async (_what, headers, status) => {
  for (const [method, path] of [
    ['PUT', '/api/level'],
    ['POST', '/api/send'],
    ['POST', '/api/queues/parcels/purges'],
    ['POST', '/api/query'],
  ] as const) {
    expect(await tested.ask(method, path, { headers, body: { level: 3 } }), path).toMatchObject({ status });
  }
  expect(tested.switched).toEqual([]);
});

test('reading with a foreign Host or Origin is refused too', async () => {
  for (const path of ['/', '/api/overview', '/assets/page/main.ts', '/api/live?topics=run']) {
    expect(await tested.ask('GET', path, { headers: { host: 'evil.example' } }), path).toMatchObject({ status: 403 });
    expect(await tested.ask('GET', path, { headers: { origin: 'http://evil.example' } }), path).toMatchObject({
      status: 403,
    });
  }
});

test('what is not there is said with what to do', async () => {
  const missing = await tested.ask('GET', '/api/nothing');
  expect(missing).toMatchObject({ status: 404 });
  expect(missing.headers.get('content-type')).toContain('application/problem+json');
  expect(JSON.parse(missing.text)).toMatchObject({
    title: expect.any(String),
    detail: expect.stringContaining('/api/nothing'),
    do: expect.any(String),
  });
  expect(await tested.ask('DELETE', '/api/levels', { headers: allowed })).toMatchObject({ status: 405 });
  expect((await tested.send('PUT', '/api/level', { level: 9 })).body.detail).toContain('choose one of 1');
  expect((await tested.send('PUT', '/api/level', {})).status).toBe(400);
});

test('the level switch asks the service for a level, and for that of the file', async () => {
  expect(await tested.send('PUT', '/api/level', { level: 3 })).toMatchObject({
    status: 202,
    body: { data: { fileLevel: 1 } },
  });
  expect((await tested.send('PUT', '/api/level', { level: null })).status).toBe(202);
  expect(tested.switched).toEqual([3, undefined]);
});
