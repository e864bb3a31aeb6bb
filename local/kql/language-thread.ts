import { Worker } from 'node:worker_threads';
import { KqlError, KqlUnsupported } from './kql-fault.ts';
import type { KqlFunctions, KqlSchema } from './language/analyze.ts';
import type { KqlCompletions } from './language/complete.ts';
import type { Translation } from './translate.ts';

/** What queries are about. */
export interface LanguageTables {
  schema: KqlSchema;
  functions: KqlFunctions;
  /** The most rows that a query makes from nothing. */
  rows: number;
}

/** What the thread is asked; `tables` is the number under which it keeps them. */
export type LanguageTask = { tables: number } & (
  | ({ kind: 'open' } & LanguageTables)
  | { kind: 'translate'; text: string }
  | { kind: 'complete'; text: string; position: number }
  | { kind: 'close' }
);

export type SentFault =
  | { kind: 'error'; code: string; message: string; start: number; length: number }
  | { kind: 'unsupported'; name: string; start: number; length: number }
  | { kind: 'defect'; error: unknown };

export type LanguageAnswer = { call: number } & ({ value: unknown } | { fault: SentFault });

/** Understands queries over some tables. */
export interface KqlLanguage {
  /** Throws `KqlError` or `KqlUnsupported`. */
  translate(text: string): Promise<Translation>;
  complete(text: string, position: number): Promise<KqlCompletions>;
  close(): void;
}

interface Call {
  resolve(value: never): void;
  reject(error: unknown): void;
}

interface LanguageThread {
  ask<Answer>(task: LanguageTask): Promise<Answer>;
}

/** One thread a process: the service takes a second to load and 60 MB to keep. */
let shared: LanguageThread | undefined;
let lastTables = 0;

/** Loads the language service at once, so that the first query need not wait for it. */
export function openLanguage(about: LanguageTables): KqlLanguage {
  const tables = ++lastTables;
  shared ??= startThread();
  const { ask } = shared;
  // A fault of the tables is told by the queries that need them.
  const open = ask<void>({ kind: 'open', tables, ...about });
  open.catch(() => undefined);
  return {
    translate: (text) => open.then(() => ask<Translation>({ kind: 'translate', tables, text })),
    complete: (text, position) => open.then(() => ask<KqlCompletions>({ kind: 'complete', tables, text, position })),
    close: () => void ask<void>({ kind: 'close', tables }).catch(() => undefined),
  };
}

function startThread(): LanguageThread {
  const calls = new Map<number, Call>();
  let lastCall = 0;
  let ended: Error | undefined;
  const worker = new Worker(new URL('./language.worker.ts', import.meta.url), { execArgv: [] });
  // A process ends when nothing but this thread is left, and not while it waits for an answer.
  const settle = (call: number) => {
    const waiting = calls.get(call);
    calls.delete(call);
    if (calls.size === 0) worker.unref();
    return waiting;
  };
  const fail = (error: Error) => {
    if (shared === thread) shared = undefined;
    ended ??= error;
    for (const call of [...calls.keys()]) settle(call)?.reject(error);
  };
  worker.on('message', (answer: LanguageAnswer) => {
    const waiting = settle(answer.call);
    if ('fault' in answer) waiting?.reject(faultOf(answer.fault));
    else waiting?.resolve(answer.value as never);
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread of the language service has ended.')));
  worker.unref();
  const thread: LanguageThread = {
    ask(task) {
      if (ended) return Promise.reject(ended);
      const call = ++lastCall;
      worker.ref();
      return new Promise((resolve, reject) => {
        calls.set(call, { resolve, reject });
        worker.postMessage({ call, task });
      });
    },
  };
  return thread;
}

function faultOf(fault: SentFault): unknown {
  if (fault.kind === 'defect') return fault.error;
  if (fault.kind === 'unsupported') return new KqlUnsupported(fault.name, fault);
  return new KqlError(fault.code, fault.message, fault);
}
