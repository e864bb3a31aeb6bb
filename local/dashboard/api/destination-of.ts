/** What people call the system behind an address: the first part of its path, or its host where it has none. */
export function destinationOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { pathname, host } = new URL(address);
  const [, first = ''] = pathname.split('/');
  return first === '' ? host : first;
}
