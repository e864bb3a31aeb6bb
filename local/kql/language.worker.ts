// Microsoft's language service and the translator, in a thread of their own: loading the service and reading a query block
// whatever shares their thread.
import { parentPort } from 'node:worker_threads';
import { KqlError, KqlUnsupported } from './kql-fault.ts';
import { createAnalyzer } from './language/analyze.ts';
import { createCompleter } from './language/complete.ts';
import type { LanguageAnswer, LanguageTables, LanguageTask, SentFault } from './language-thread.ts';
import { translate } from './translate.ts';

interface Opened {
  translate(text: string): ReturnType<typeof translate>;
  complete: ReturnType<typeof createCompleter>;
}

const opened = new Map<number, Opened>();

function open({ schema, functions, rows }: LanguageTables): Opened {
  const analyze = createAnalyzer(schema, functions);
  return { translate: (text) => translate(analyze(text), schema, { rows }), complete: createCompleter(schema) };
}

/** The classes of errors are lost between threads. */
function sentFault(error: unknown): SentFault {
  if (error instanceof KqlUnsupported) {
    const { name, start, length } = error;
    return { kind: 'unsupported', name, start, length };
  }
  if (!(error instanceof KqlError)) return { kind: 'defect', error };
  const { code, message, start, length } = error;
  return { kind: 'error', code, message, start, length };
}

function answerOf(task: LanguageTask): unknown {
  if (task.kind === 'open') return void opened.set(task.tables, open(task));
  if (task.kind === 'close') return void opened.delete(task.tables);
  const language = opened.get(task.tables);
  if (!language) throw new Error('The tables of this query are closed.');
  return task.kind === 'translate' ? language.translate(task.text) : language.complete(task.text, task.position);
}

parentPort?.on('message', ({ call, task }: { call: number; task: LanguageTask }) => {
  let answer: LanguageAnswer;
  try {
    answer = { call, value: answerOf(task) };
  } catch (error) {
    answer = { call, fault: sentFault(error) };
  }
  parentPort?.postMessage(answer);
});
