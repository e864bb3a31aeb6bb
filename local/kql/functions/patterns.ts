import { convert } from '../expressions/convert.ts';
import { refuse } from '../expressions/refuse.ts';
import { checkedPattern, escapePattern } from '../expressions/text-match.ts';
import { sourceText } from '../language/syntax-node.ts';
import { expression, isConstant, type SqlExpression, typeByName } from '../sql-expression.ts';
import { quoteText } from '../sql-text.ts';
import {
  argument,
  argumentNodes,
  type CallSite,
  type FunctionFamily,
  knownText,
  takes,
  typed,
} from './scalar-function.ts';
import { overlapsItself } from './texts.ts';

const pattern = (args: readonly SqlExpression[], at: number, site: CallSite) =>
  checkedPattern(argument(args, at, site), site.node);

/** One match of a regular expression is taken off at each side. */
const trim = (before: boolean, after: boolean) =>
  takes(2, 2, (args, site) => {
    const regex = pattern(args, 0, site);
    let { sql } = typed(args, 1, 'string', site);
    if (before) sql = `regexp_replace(${sql}, ${quoteText(`\\A(?:${regex})`)}, '')`;
    if (after) sql = `regexp_replace(${sql}, ${quoteText(`(?:${regex})\\z`)}, '')`;
    return expression('string', sql);
  });

const replaceRegex = (order: readonly [text: number, regex: number, rewrite: number]) =>
  takes(3, 3, (args, site) => {
    const [text, regex, rewrite] = order;
    const made = [
      typed(args, text, 'string', site).sql,
      quoteText(pattern(args, regex, site)),
      typed(args, rewrite, 'string', site).sql,
    ];
    return expression('string', `regexp_replace(${made.join(', ')}, 'g')`);
  });

/** How many groups a pattern captures. */
export const captureGroups = (regex: string): number =>
  [
    ...regex
      .replaceAll(/\\./g, '')
      .replaceAll(/\[[^\]]*\]/g, '')
      .matchAll(/\((?!\?(?!P?<))/g),
  ].length;

function extract(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const regex = pattern(args, 0, site);
  const group = argument(args, 1, site).constant?.value;
  if (typeof group !== 'bigint' || group < 0n) return refuse('extract() with a group that is no constant', site.node);
  if (group > BigInt(captureGroups(regex)))
    return refuse('extract() with a group that the pattern does not have', site.node);
  const found = expression(
    'string',
    `regexp_extract(${typed(args, 2, 'string', site).sql}, ${quoteText(regex)}, ${group})`,
  );
  if (args.length === 3) return found;
  const asked = argumentNodes(site.node)[3];
  const type = (asked && /^typeof\s*\(\s*(\w+)\s*\)$/.exec(sourceText(asked))?.[1]) ?? '';
  const known = typeByName(type);
  const made = known && convert(found, known);
  return made ?? refuse(`extract() as ${type}`, site.node);
}

function extractAll(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const regex = pattern(args, 0, site);
  const text = typed(args, args.length - 1, 'string', site).sql;
  const all = captureGroups(regex);
  const asked = args.length === 3 ? argument(args, 1, site) : undefined;
  if (asked && !isConstant(asked)) return refuse('extract_all() with groups that are no constant', site.node);
  const groups = asked
    ? (JSON.parse(String(asked.constant?.value)) as unknown[])
    : Array.from({ length: all }, (_, at) => at + 1);
  if (all === 0 || !groups.every((group) => Number.isInteger(group) && Number(group) >= 1 && Number(group) <= all))
    return refuse('extract_all() with these groups', site.node);
  const lists = groups.map((group) => `regexp_extract_all(${text}, ${quoteText(regex)}, ${group})`);
  const made =
    lists.length === 1
      ? lists[0]
      : `list_transform(list_zip(${lists.join(', ')}), lambda __each: [${groups.map((_, at) => `__each[${at + 1}]`).join(', ')}])`;
  return expression('dynamic', `CASE WHEN len(${lists[0]}) > 0 THEN to_json(${made}) END`);
}

function countOf(args: readonly SqlExpression[], site: CallSite): SqlExpression {
  const text = typed(args, 0, 'string', site).sql;
  const kind = args.length > 2 ? knownText(args, 2, site) : 'normal';
  if (kind === 'regex')
    return expression('long', `len(regexp_extract_all(${text}, ${quoteText(pattern(args, 1, site))}))::BIGINT`);
  const wanted = knownText(args, 1, site);
  if (kind !== 'normal' || wanted === '') return refuse(`countof() with kind ${kind}`, site.node);
  // Matches of plain text may overlap: only such texts need a look at every place.
  if (!overlapsItself(wanted))
    return expression('long', `len(regexp_extract_all(${text}, ${quoteText(escapePattern(wanted))}))::BIGINT`);
  const places = `range(1, length(${text}) + 1)`;
  return expression(
    'long',
    `len(list_filter(${places}, lambda __each: starts_with(substring(${text}, __each), ${quoteText(wanted)})))::BIGINT`,
  );
}

const every = takes(2, 3, extractAll);

export const patternFunctions: FunctionFamily = {
  trim: trim(true, true),
  trim_start: trim(true, false),
  trim_end: trim(false, true),
  replace_regex: replaceRegex([0, 1, 2]),
  replace: replaceRegex([2, 0, 1]),
  extract: takes(3, 4, extract),
  extract_all: every,
  extractall: every,
  countof: takes(2, 3, countOf),
};
