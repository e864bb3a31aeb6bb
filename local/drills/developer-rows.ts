import type { ApplicationInsights, Row } from '../application-insights/index.ts';
import { developerHost } from './developer-host.ts';

/**
 * What would make the quiet of the rules prove nothing, a sentence each: the workspace must hold the rows, and each is marked.
 * `canFail` is false for a business that calls no other system: nothing of it fails in a developer's run.
 */
export function brokenByDeveloper(
  { rows, counts }: Pick<ApplicationInsights, 'rows' | 'counts'>,
  { canFail }: { canFail: boolean },
): string[] {
  const own = Object.keys(counts())
    .flatMap((table): readonly Row[] => rows(table))
    .filter(({ AppRoleInstance }) => AppRoleInstance === developerHost);
  const failed = (type: string) => own.filter(({ Type, Success }) => Type === type && Success === false).length;
  const promised = {
    'request that failed': failed('AppRequests'),
    'call that failed': failed('AppDependencies'),
    exception: own.filter(({ Type }) => Type === 'AppExceptions').length,
  };
  const missing = Object.entries(promised).filter(([, count]) => canFail && count === 0);
  const unmarked = Object.entries(
    Object.groupBy(
      own.filter(({ SyntheticSource }) => !SyntheticSource),
      ({ Type }) => Type,
    ),
  );
  return [
    ...missing.map(
      ([what]) => `no ${what} of the developer's run is in the workspace, so that quiet rules prove nothing`,
    ),
    ...unmarked.map(
      ([table, { length = 0 } = []]) =>
        `${length} rows of the developer's run in ${table} carry no mark, so that rules count them`,
    ),
  ];
}
