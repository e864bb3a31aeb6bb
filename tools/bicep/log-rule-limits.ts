import type { LogRule } from './log-rule-file.ts';

/** Minutes; a rule looks back two days at most (azure-facts reference, sections 0 and 1). */
const FREQUENCIES: Readonly<Record<string, number>> = {
  PT1M: 1,
  PT5M: 5,
  PT10M: 10,
  PT15M: 15,
  PT30M: 30,
  PT45M: 45,
  PT1H: 60,
  PT2H: 120,
  PT3H: 180,
  PT4H: 240,
  PT5H: 300,
  PT6H: 360,
  P1D: 1440,
};
const WINDOWS: Readonly<Record<string, number>> = { ...FREQUENCIES, P2D: 2880 };
const LONGEST_LOOK_BACK = 2880;
const LONGEST_STATEFUL_FREQUENCY = 720;

/**
 * What Azure refuses in a log alert rule and no compiler notices (azure-facts reference, section 1; the provider's own
 * documentation). Answers one sentence per fault.
 */
export const logRuleFaults = (rule: LogRule): string[] => {
  const faults: string[] = [];
  const refuse = (fault: boolean, sentence: string) => {
    if (fault) faults.push(sentence);
  };
  const window = WINDOWS[rule.window];
  const frequency = FREQUENCIES[rule.frequency];
  refuse(window === undefined, `window ${rule.window} is not one of ${Object.keys(WINDOWS).join(', ')}`);
  refuse(frequency === undefined, `frequency ${rule.frequency} is not one of ${Object.keys(FREQUENCIES).join(', ')}`);
  if (window !== undefined && frequency !== undefined) {
    refuse(rule.window === 'PT1M' && rule.frequency !== 'PT1M', 'a window of PT1M needs a frequency of PT1M');
    refuse(frequency > window * rule.periods, 'it is evaluated less often than it looks back');
    refuse(window * rule.periods > LONGEST_LOOK_BACK, 'it looks back more than 48 hours');
    refuse(frequency > LONGEST_STATEFUL_FREQUENCY, 'a rule that resolves itself is evaluated at least every 12 hours');
    for (const [, count, unit] of rule.query.matchAll(/\bago\((\d+)([smhd])\)/g)) {
      const minutes = Number(count) * { s: 1 / 60, m: 1, h: 60, d: 1440 }[unit as 's' | 'm' | 'h' | 'd'];
      refuse(minutes > window, `ago(${count}${unit}) reaches further back than the window ${rule.window}`);
    }
  }
  refuse(rule.periods < 1 || rule.periods > 6, 'it takes 1 to 6 periods');
  refuse(rule.failing < 1 || rule.failing > rule.periods, 'it needs 1 to all of its periods to fail');
  refuse(rule.dimensions.length > 6, 'it takes at most 6 dimensions');
  refuse(/\b(bag_unpack|pivot|narrow)\b/.test(rule.query), 'bag_unpack, pivot and narrow are not allowed');
  refuse(/\bAggregatedValue\b/.test(rule.query), 'AggregatedValue is a reserved name');
  refuse(/\bago\(\s*[^\d)]/.test(rule.query), 'ago() takes a literal only');
  refuse(
    rule.frequency === 'PT1M' && /\b(search|union|take|ingestion_time)\b/.test(rule.query),
    'a frequency of PT1M forbids search, union, take and ingestion_time()',
  );
  refuse(Buffer.byteLength(rule.query) > 64 * 1024, 'the query is longer than 64 KB');
  return faults;
};
