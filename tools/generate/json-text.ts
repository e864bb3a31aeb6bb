const lineWidth = 120;

/** JSON as the project's formatter leaves it: what fits stands on one line, the outermost object never does. */
export function jsonText(value: unknown): string {
  return `${expanded(value, 0)}\n`;
}

function expanded(value: unknown, depth: number): string {
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const lines = partsOf(value).map(([key, part]) => {
    const short = onOneLine(part);
    const room = lineWidth - 2 * (depth + 1) - key.length - 1;
    return `${'  '.repeat(depth + 1)}${key}${short.length <= room ? short : expanded(part, depth + 1)}`;
  });
  return lines.length === 0 ? onOneLine(value) : [open, lines.join(',\n'), `${'  '.repeat(depth)}${close}`].join('\n');
}

function onOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = partsOf(value).map(([key, part]) => `${key}${onOneLine(part)}`);
  if (Array.isArray(value)) return `[${parts.join(', ')}]`;
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** The values inside, each with the text of its key. */
function partsOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((part) => ['', part]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, part]) => [`${JSON.stringify(key)}: `, part]);
}
