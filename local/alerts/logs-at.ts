import { createEngine, type KqlFunctions, type KqlTables } from '../kql/index.ts';
import type { AskLogs } from './conditions/log-condition.ts';
import { limitTimeRange } from './conditions/time-range.ts';

/** Queries of rules: on the tables of a workspace, with an engine of their own, whose clock is the time of the evaluation. */
export function openLogs({ tables, functions = {} }: { tables: KqlTables; functions?: KqlFunctions }): {
  ask: AskLogs;
  close(): void;
} {
  let clock = new Date(0);
  const engine = createEngine({ tables, functions, now: () => clock });
  const names = [...Object.keys(tables.schema), ...Object.keys(functions)];
  return {
    ask(query, minutes, at) {
      clock = at; // read before `run` returns
      return engine.run(limitTimeRange(query, minutes, names));
    },
    close: () => engine.close(),
  };
}
