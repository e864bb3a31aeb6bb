/** Where something stands in the text of a query: offsets in UTF-16 units. */
export interface TextRange {
  start: number;
  length: number;
}

/** A query that is wrong, or that went beyond a limit: `code` is that of Microsoft's language service (KS…) or our own. */
export class KqlError extends Error {
  override readonly name = 'KqlError';
  readonly code: string;
  readonly start: number;
  readonly length: number;

  constructor(code: string, message: string, { start, length }: TextRange, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.start = start;
    this.length = length;
  }
}

/** A query that Azure runs and this translator does not: it refuses by name, where a guess could be a wrong answer. */
export class KqlUnsupported extends Error {
  override readonly name: string;
  readonly start: number;
  readonly length: number;

  constructor(name: string, { start, length }: TextRange, options?: ErrorOptions) {
    super(`not supported here: ${name}`, options);
    this.name = name;
    this.start = start;
    this.length = length;
  }
}
