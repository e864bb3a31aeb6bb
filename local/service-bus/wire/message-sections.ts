import { BrokerError, conditions } from '../entity/broker-error.ts';

/** Section codes of an AMQP 1.0 message (part 3.2 of the standard). */
export const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  annotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  footer: 0x78,
} as const;

export interface Section {
  readonly code: number;
  /** The whole section, descriptor and all. */
  readonly bytes: Buffer;
  /** Where the section ends in the message. */
  readonly end: number;
  readonly start: number;
  /** Where its value begins in `bytes`. */
  readonly valueAt: number;
}

const DESCRIBED = 0x00;
const SMALL_ULONG = 0x53;
const ULONG = 0x80;
/** Bytes of a value by the upper half of its type code, and bytes of its length field where it has one. */
const FIXED_WIDTH: Readonly<Record<number, number>> = { 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 16 };
const LENGTH_WIDTH: Readonly<Record<number, number>> = { 10: 1, 11: 4, 12: 1, 13: 4, 14: 1, 15: 4 };

/** Cuts an encoded message into its sections without decoding them. Throws `BrokerError` when it is none. */
export function splitSections(message: Buffer): Section[] {
  const sections: Section[] = [];
  try {
    for (let start = 0; start < message.length; ) {
      const { code, valueAt } = readDescriptor(message, start);
      const end = skipValue(message, valueAt);
      if (end > message.length) throw new RangeError('the last section is cut off');
      sections.push({ code, bytes: message.subarray(start, end), start, end, valueAt: valueAt - start });
      start = end;
    }
  } catch (error) {
    throw new BrokerError(conditions.decode, `The message cannot be decoded: ${(error as Error).message}`);
  }
  return sections;
}

function readDescriptor(message: Buffer, start: number): { code: number; valueAt: number } {
  if (message.readUInt8(start) !== DESCRIBED) throw new RangeError(`no section begins at byte ${start}`);
  const type = message.readUInt8(start + 1);
  if (type === SMALL_ULONG) return { code: message.readUInt8(start + 2), valueAt: start + 3 };
  if (type === ULONG) return { code: Number(message.readBigUInt64BE(start + 2)), valueAt: start + 10 };
  throw new RangeError(`the section at byte ${start} has no numeric descriptor`);
}

/** Where the value that begins at `at` ends. */
function skipValue(message: Buffer, at: number): number {
  const type = message.readUInt8(at);
  if (type === DESCRIBED) return skipValue(message, skipValue(message, at + 1));
  const fixed = FIXED_WIDTH[type >> 4];
  if (fixed !== undefined) return at + 1 + fixed;
  const width = LENGTH_WIDTH[type >> 4];
  if (width === undefined) throw new RangeError(`no type has the code 0x${type.toString(16)}`);
  return at + 1 + width + message.readUIntBE(at + 1, width);
}

/** The bytes inside a data section. */
export function dataOf(section: Section): Buffer {
  const type = section.bytes.readUInt8(section.valueAt);
  const width = LENGTH_WIDTH[type >> 4] ?? 0;
  return section.bytes.subarray(section.valueAt + 1 + width);
}
