/** How a field is read: a scalar, or a message with fields of its own. */
type Kind = 'text' | 'hex' | 'number' | 'boolean' | 'fixed64' | 'double' | Schema;
/** Field numbers with names. A name that ends with `[]` is a list. Fields that are not named are skipped. */
export type Schema = () => Readonly<Record<number, readonly [name: string, kind: Kind]>>;

/** Reads a message of protobuf. Enough for what OTLP's exporters write: no groups, no packed lists of interest. */
export function decode(bytes: Uint8Array, schema: Schema): Record<string, unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = schema();
  const message: Record<string, unknown> = {};
  let at = 0;

  function varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  }
  const skip = (length: number) => {
    at += length;
    return at - length;
  };
  /** By the wire type: varint, 64 bits, length and bytes, 32 bits. */
  function value(wire: number, kind: Kind): unknown {
    if (wire === 0) return kind === 'boolean' ? varint() !== 0 : varint();
    if (wire === 1) return kind === 'double' ? view.getFloat64(skip(8), true) : Number(view.getBigInt64(skip(8), true));
    if (wire === 5) return view.getUint32(skip(4), true);
    const length = varint();
    const start = skip(length);
    const part = bytes.subarray(start, start + length);
    if (typeof kind === 'function') return decode(part, kind);
    return Buffer.from(part).toString(kind === 'hex' ? 'hex' : 'utf8');
  }

  while (at < bytes.length) {
    const tag = varint();
    const [name, kind] = fields[tag >> 3] ?? ['', 'hex'];
    const read = value(tag & 7, kind);
    const list = name.endsWith('[]') && name.slice(0, -2);
    if (list) message[list] = [...((message[list] as unknown[]) ?? []), read];
    else if (name) message[name] = read;
  }
  return message;
}
