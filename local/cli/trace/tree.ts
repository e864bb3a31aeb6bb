import type { Row } from '../../application-insights/index.ts';
import { linksOf } from './find-story.ts';

export interface TreeLine {
  row: Row;
  /** The lines that lead to it, such as `│  └─ `. */
  branch: string;
}

/**
 * The rows of a story in the order of a tree: each under the step that caused it (`ParentId`, or a link where there is none),
 * in the order of time. What has no parent among them stands at the left edge.
 */
export function treeOf(rows: readonly Row[]): TreeLine[] {
  const steps = new Map(rows.flatMap((row) => (isStep(row) ? [[String(row.Id), row] as const] : [])));
  const children = new Map<Row | undefined, Row[]>();
  for (const row of rows) {
    const parent = parentOf(row, steps);
    children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const lines: TreeLine[] = [];
  const seen = new Set<Row>();
  const visit = (parent: Row | undefined, indent: string) => {
    const below = (children.get(parent) ?? []).filter((row) => !seen.has(row));
    for (const [index, row] of below.entries()) {
      seen.add(row);
      const isLast = index === below.length - 1;
      const isRoot = parent === undefined;
      lines.push({ row, branch: isRoot ? '' : `${indent}${isLast ? '└─ ' : '├─ '}` });
      visit(row, isRoot ? '' : `${indent}${isLast ? '   ' : '│  '}`);
    }
  };
  visit(undefined, '');
  // Rows that name each other as parents would be in nobody's branch.
  for (const row of rows) if (!seen.has(row)) lines.push({ row, branch: '' });
  return lines;
}

const isStep = ({ Type, Id }: Row) => (Type === 'AppRequests' || Type === 'AppDependencies') && Boolean(Id);

function parentOf(row: Row, steps: ReadonlyMap<string, Row>): Row | undefined {
  const named = [String(row.ParentId ?? ''), ...linksOf(row).map(({ id }) => id)];
  const parents = named.flatMap((id) => steps.get(id) ?? []);
  return parents.find((parent) => parent !== row);
}
