import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** One remark of the compiler. `source` is the file it is about. */
export interface Diagnostic {
  source: string;
  level: string;
  code: string;
  message: string;
  range: { start: { line: number; char: number }; end: { line: number; char: number } };
}

/** Which subscription and deployment a prediction is made for; fixed, so that names and ids are plain values. */
export interface SnapshotTarget {
  subscriptionId: string;
  /** Where a template is deployed whose scope is a resource group. */
  resourceGroup?: string;
  deploymentName: string;
}

/** One compiler process that answers many questions; about ten times faster than one process a question. */
export interface CompilerSession {
  compile(path: string): Promise<{ diagnostics: Diagnostic[]; contents: string | undefined }>;
  compileParams(path: string): Promise<{ diagnostics: Diagnostic[]; parameters: string | undefined }>;
  /** The predicted resources as text. Throws when the parameters or the template are refused. */
  snapshot(path: string, target: SnapshotTarget): Promise<string>;
  format(path: string): Promise<string>;
  graph(
    path: string,
  ): Promise<{ nodes: { name: string; type: string }[]; edges: { source: string; target: string }[] }>;
  stop(): Promise<void>;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: { message: string; data?: { message?: string } };
}

/**
 * Starts `bicep jsonrpc --stdio` (stable since 0.29, `Content-Length` framing).
 * A question after the process has ended is refused with what it last said.
 */
export const startCompilerSession = (path: string, env: NodeJS.ProcessEnv = process.env): CompilerSession => {
  const child = spawn(path, ['jsonrpc', '--stdio'], {
    // The compiler is published ready to run: compiling its hot methods once more took a quarter of its processor time.
    env: { ...env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_TieredCompilation: '0' },
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 1;
  let received = Buffer.alloc(0);
  let complaints = '';

  const take = (): Answer | undefined => {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const length = Number(/content-length: *(\d+)/i.exec(received.subarray(0, end).toString('latin1'))?.[1] ?? 0);
    if (received.length < end + 4 + length) return undefined;
    const body = received.subarray(end + 4, end + 4 + length).toString('utf8');
    received = received.subarray(end + 4 + length);
    return JSON.parse(body) as Answer;
  };
  const fail = (reason: string) => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let answer = take(); answer !== undefined; answer = take()) {
      const question = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.error) question?.reject(new Error(answer.error.data?.message ?? answer.error.message));
      else question?.resolve(answer.result);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-4_000);
  });
  child.on('error', (error) => fail(`the Bicep compiler does not start: ${error.message}`));
  child.on('exit', (code) => fail(`the Bicep compiler ended (${code}): ${complaints.trim()}`));

  const ask = <T>(method: string, params: object): Promise<T> => {
    if (child.exitCode !== null) return Promise.reject(new Error(`the Bicep compiler has ended: ${complaints.trim()}`));
    const id = next++;
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: `bicep/${method}`, params: [params] });
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  };

  return {
    compile: async (file) => {
      const { diagnostics, contents } = await ask<{ diagnostics: Diagnostic[]; contents?: string }>('compile', {
        path: file,
      });
      return { diagnostics, contents };
    },
    compileParams: async (file) => {
      const { diagnostics, parameters } = await ask<{ diagnostics: Diagnostic[]; parameters?: string }>(
        'compileParams',
        {
          path: file,
          parameterOverrides: {},
        },
      );
      return { diagnostics, parameters };
    },
    snapshot: async (file, target) =>
      (await ask<{ snapshot: string }>('getSnapshot', { path: file, metadata: target })).snapshot,
    format: async (file) => (await ask<{ contents: string }>('format', { path: file })).contents,
    graph: (file) => ask('getDeploymentGraph', { path: file }),
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
};
