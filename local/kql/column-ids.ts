/** The identifiers of some columns: names that differ in case only get a suffix. */
export function columnIds(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let id = name;
    for (let next = 1; taken.has(id.toLowerCase()); next++) id = `${name}_${next}`;
    taken.add(id.toLowerCase());
    return id;
  });
}
