import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BodyTooLarge } from '../loopback/body.ts';

const unzip = promisify(gunzip);

/** The body is no batch of telemetry: answer 400 with this message. */
export class NotABatch extends Error {
  override name = 'NotABatch';
}

/** A line that is no JSON, in a batch where other lines are. */
export class BrokenLine {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/**
 * The items of a request body: a JSON array (today's exporters), one object a line (older SDKs) or a single object, gzipped
 * or plain. Throws `NotABatch` or `BodyTooLarge` (the limit holds for the unpacked size too).
 */
export async function readBatch(body: Buffer, encoding: string | undefined, limitBytes: number): Promise<unknown[]> {
  const content = (await unpack(body, encoding, limitBytes)).toString('utf8').trim();
  if (content === '') throw new NotABatch('The body is empty');
  const whole = parse(content);
  if (Array.isArray(whole)) return whole;
  if (!(whole instanceof BrokenLine)) {
    if (typeof whole === 'object' && whole !== null) return [whole];
    throw new NotABatch(`An envelope was expected, found ${excerpt(content)}`);
  }
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '');
  const items = lines.map(parse);
  if (items.every((item) => item instanceof BrokenLine)) throw new NotABatch(whole.message);
  return items;
}

async function unpack(body: Buffer, encoding: string | undefined, limitBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new NotABatch(`Content-Encoding "${encoding}" is not gzip`);
  try {
    return await unzip(body, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof RangeError) throw new BodyTooLarge(limitBytes);
    throw new NotABatch(`The body is not gzip, as Content-Encoding says: ${(error as Error).message}`);
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return new BrokenLine(`JSON was expected, found ${excerpt(content)}`);
  }
}

const excerpt = (content: string): string => JSON.stringify(content.slice(0, 40));
