import { levels } from '../../../src/observability/levels.ts';
import { Refused } from './api-problem.ts';
import type { ApiRoutes } from './api-router.ts';
import { linesOf } from './command-process.ts';
import type { DoctorAnswer, PlanAnswer } from './contract.ts';
import type { Operator, OperatorName } from './operator-command.ts';

type PlanResult = Extract<PlanAnswer, { unavailable?: undefined }>['result'];
type DoctorResult = Extract<DoctorAnswer, { unavailable?: undefined }>['result'];

const everyLevel = Object.keys(levels);
const defaultMessages = '1000000';

/** What the next level brings, and what stands in the way: `npm run plan` and `npm run doctor`. */
export function planRoutes(operator: Operator, runFile: () => string | undefined): ApiRoutes {
  // A plan is computed from files of the repository, which takes seconds and seldom changes.
  const plans = new Map<string, Promise<PlanResult>>();

  const ask = async <Result>(name: OperatorName, args: readonly string[]): Promise<Result> => {
    const [result] = linesOf<Result>(await operator.start(name, [...args, '--json']).ended);
    if (result === undefined) throw new Error(`npm run ${name} wrote nothing.`);
    return result;
  };
  const plan = (args: readonly string[]): Promise<PlanResult> => {
    const key = args.join(' ');
    const known = plans.get(key) ?? ask<PlanResult>('plan', args);
    plans.set(key, known);
    known.catch(() => plans.delete(key));
    return known;
  };

  return {
    'GET plan': async ({ query }) => {
      const unavailable = operator.missing('plan');
      if (unavailable !== undefined) return { data: { unavailable } satisfies PlanAnswer };
      const result = await plan(planArguments(query));
      return { data: { result } satisfies PlanAnswer };
    },
    'GET doctor': async () => {
      const unavailable = operator.missing('doctor');
      if (unavailable !== undefined) return { data: { unavailable } satisfies DoctorAnswer };
      const run = runFile();
      const result = await ask<DoctorResult>('doctor', run === undefined ? [] : ['--run', run]);
      return { data: { result } satisfies DoctorAnswer };
    },
  };
}

function planArguments(query: URLSearchParams): string[] {
  const [from = '', to = ''] = [query.get('from') ?? '', query.get('to') ?? ''];
  const messages = query.get('messages') ?? defaultMessages;
  const areLevels = everyLevel.includes(from) && everyLevel.includes(to) && from !== to;
  if (areLevels && /^[1-9]\d{0,11}$/.test(messages)) return [from, to, '--messages', messages];
  throw new Refused(400, {
    title: 'This is no step of the ladder',
    detail: `From "${from}" to "${to}" with ${messages} messages.`,
    remedy: `Choose two of the levels ${everyLevel.join(', ')}, and a whole number of messages.`,
  });
}
