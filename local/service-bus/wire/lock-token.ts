/** Byte order of a .NET GUID: the first three groups are written backwards. Its own inverse. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** The delivery tag under which a lock token travels: 16 bytes in the order of a .NET GUID. */
export function tagOf(token: string): Buffer {
  const bytes = uuidBytes(token);
  return Buffer.from(GUID_ORDER.map((at) => bytes[at] ?? 0));
}

/** The lock token behind a delivery tag. */
export function tokenOf(tag: Buffer): string {
  return uuidText(Buffer.from(GUID_ORDER.map((at) => tag[at] ?? 0)));
}

/** A uuid in network order, as the management operations carry lock tokens. */
export function uuidBytes(token: string): Buffer {
  return Buffer.from(token.replaceAll('-', ''), 'hex');
}

export function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
