const HEADER_LINE = /^\/\/ (?<name>[a-z ]+): (?<value>.+)$/;

/** The lines `// name: value` at the top, and the query that begins with the first line of another form. */
export const readHeader = (text: string): { fields: Map<string, string>; query: string } => {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => !HEADER_LINE.test(line));
  const named = lines.slice(0, start).map((line) => HEADER_LINE.exec(line)?.groups ?? {});
  return {
    fields: new Map(named.map(({ name = '', value = '' }) => [name, value])),
    query: `${lines.slice(start).join('\n').trim()}\n`,
  };
};

/** A list in a header: parts with commas between them, or `none`. */
export const listOf = (text = ''): string[] => (text === 'none' ? [] : text.split(',').map((part) => part.trim()));

/** Reads the header of a rule in which every field is required. `faults` grows with what is wrong. */
export function readFields<Field extends string>(text: string, names: readonly Field[]) {
  const { fields, query } = readHeader(text);
  const faults: string[] = [];
  for (const name of names) if (!fields.has(name)) faults.push(`"${name}" is missing`);
  for (const name of fields.keys()) if (!names.includes(name as Field)) faults.push(`"${name}" is not a field`);
  if (query.trim() === '') faults.push('there is no query');
  return {
    query,
    faults,
    field: (name: Field): string => fields.get(name) ?? '',
    /** The groups of `form` in a field; a field of another form is a fault that says what it is not. */
    matched<T>(name: Field, form: RegExp, said: string, read: (groups: Record<string, string>) => T): T {
      const found = form.exec(fields.get(name) ?? '');
      if (!found && fields.has(name)) faults.push(`"${name}" is not ${said}`);
      return read({ ...found?.groups });
    },
  };
}
