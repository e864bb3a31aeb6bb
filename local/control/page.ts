import type { ServerResponse } from 'node:http';

const commands: readonly (readonly [command: string, what: string])[] = [
  ['npm run rows -- AppRequests', 'what Application Insights was told'],
  ['npm run trace -- <id>', "the way of one request or message, by its operation's, its correlation or its message id"],
  ['npm run fault -- destination down', 'break something; "ok" mends it'],
];

const asText = (text: unknown) => String(text).replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
const link = (path: string, text = path) => `<a href="${asText(path)}">${asText(text)}</a>`;

/** What a browser shows at the printed address until there is a dashboard: what runs, and where to look. */
export function describePage(facts: object, tables: readonly string[]): string {
  const rows = Object.entries(facts).map(([name, value]) => `<tr><th>${asText(name)}<td>${asText(value)}`);
  const tried = commands.map(([command, what]) => `<tr><td><code>${asText(command)}</code><td>${asText(what)}`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Azure on your machine</title>
<style>body{font:1rem/1.5 system-ui;margin:2rem;max-width:60rem}th,td{text-align:left;padding:0 1rem 0 0}</style>
<h1>Azure on your machine</h1>
<table>${rows.join('\n')}</table>
<h2>Rows of Application Insights</h2>
<p>One JSON object a line: ${tables.map((table) => link(`/api/rows/${table}?named&last=100`, table)).join(', ')}</p>
<h2>Also here</h2>
<p>${link('/api/run')}, ${link('/api/faults')}</p>
<h2>In a terminal</h2>
<table>${tried.join('\n')}</table>
</html>
`;
}

/** Nothing on the page runs or is loaded from elsewhere, whatever a row or a name contains. */
export function answerPage(response: ServerResponse, page: string): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(page);
}
