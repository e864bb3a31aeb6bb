import { DuckDBInstance } from '@duckdb/node-api';
import { createEngine, type KqlEngine, KqlError, KqlUnsupported } from '../index.ts';
import type { DocumentedExample } from './documented-examples.ts';
import { knownReason } from './known-differences.ts';
import { difference } from './same-answer.ts';

/** What became of an example: the last two are defects. */
export const verdicts = [
  'answers as the page does',
  'differs from the page for a reason that is known',
  'refused by name',
  'asks a table of Microsoft',
  'refused by the language service',
  'differs',
  'fails',
] as const;

export interface JudgedExample {
  readonly example: DocumentedExample;
  readonly verdict: (typeof verdicts)[number];
  /** What was refused, or what differs. */
  readonly why: string;
}

/** Codes of the language service for a name that no table has. */
const unknownName = /^KS(142|204|208)$/;

/** Runs every example on an empty workspace. */
export async function judgeExamples(examples: readonly DocumentedExample[]): Promise<JudgedExample[]> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const engine = createEngine({ tables: { schema: {}, connection: () => instance.connect() } });
  try {
    const judged: JudgedExample[] = [];
    for (const example of examples) judged.push({ example, ...(await judge(engine, example)) });
    return judged;
  } finally {
    engine.close();
    instance.closeSync();
  }
}

async function judge(engine: KqlEngine, example: DocumentedExample): Promise<Omit<JudgedExample, 'example'>> {
  try {
    const why = difference(example, await engine.run(example.query));
    if (why === undefined) return { verdict: 'answers as the page does', why: '' };
    const reason = knownReason(example);
    if (reason) return { verdict: 'differs from the page for a reason that is known', why: reason };
    return { verdict: 'differs', why };
  } catch (error) {
    const why = (error as Error).message;
    if (error instanceof KqlUnsupported) return { verdict: 'refused by name', why };
    if (!(error instanceof KqlError)) return { verdict: 'fails', why };
    const verdict = unknownName.test(error.code) ? 'asks a table of Microsoft' : 'refused by the language service';
    return { verdict, why: `${error.code} ${why}` };
  }
}
