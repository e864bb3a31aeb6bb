import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { settingRows } from '../../src/config/settings.ts';
import type { Generated } from './generated.ts';
import { jsonText } from './json-text.ts';

/** What is used here of a request in `local/business`, which a team may have deleted. */
export interface ExampleRequest {
  method?: string;
  path?: string;
  headers?: Readonly<Record<string, string>>;
  expectedStatus?: number | undefined;
  open(): Promise<{ bytes: number; content: AsyncIterable<unknown> }>;
}

interface ListedBusiness {
  requests?: {
    example?: ExampleRequest;
    sample?(options: { count: number; seed: number; runId: string }): Iterable<ExampleRequest>;
  };
}

const mostBytes = 1024;
/** What no shell and no batch file changes, and `az containerapp exec` does not split. */
const carried = /^[\w./:;=+-]+$/;

/**
 * `infra/workload/example-request.json`: what `node -e` runs in the container to send one request of the first business that
 * has one. Without `local/business` the file stays as it is.
 */
export function exampleRequestFile(root: string): Generated {
  const path = 'infra/workload/example-request.json';
  const list = join(root, 'local', 'business', 'index.ts');
  return {
    path,
    async text() {
      if (!existsSync(list)) return readFileSync(join(root, path), 'utf8');
      const { localBusinesses } = (await import(pathToFileURL(list).href)) as { localBusinesses: ListedBusiness[] };
      return jsonText({ script: await firstScript(localBusinesses) });
    },
  };
}

/** The script of the first request that will do; empty when there is none. */
export async function firstScript(businesses: readonly ListedBusiness[]): Promise<string> {
  for (const { requests: { example, sample } = {} } of businesses) {
    const made = sample?.({ count: 20, seed: 1, runId: 'example' }) ?? [];
    for (const request of [...(example ? [example] : []), ...made]) {
      const script = await scriptOf(request);
      if (script !== undefined) return script;
    }
  }
  return '';
}

/**
 * The request as JavaScript without blanks and double quotes, because `az containerapp exec` splits its command at blanks and
 * knows no quotes. It sends a trace id and prints it. An `Idempotency-Key` is left out: each try is to be a request of its own.
 * Undefined for a message, a request that is to be refused, and one that cannot be written so.
 */
export async function scriptOf(request: ExampleRequest): Promise<string | undefined> {
  const { method = 'POST', path, headers = {}, expectedStatus = 200 } = request;
  const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'idempotency-key');
  if (path === undefined || expectedStatus >= 300) return undefined;
  const { bytes, content } = await request.open();
  if (bytes > mostBytes || ![method, path, ...sent.flat()].every((text) => carried.test(text))) return undefined;
  const body = (await buffer(content as Parameters<typeof buffer>[0])).toString('base64');
  const listed = sent.map(([name, value]) => `'${name}':'${value}',`).join('');
  return [
    "id=crypto.randomUUID().replaceAll('-','');",
    `fetch('http://127.0.0.1:${settingRows.PORT.default}${path}',{method:'${method}',`,
    `headers:{${listed}traceparent:'00-'+id+'-'+id.slice(16)+'-01'},`,
    bytes > 0 ? `body:Buffer.from('${body}','base64')` : '',
    '}).then(r=>r.text().then(text=>console.log(r.status,text,id)))',
  ].join('');
}
