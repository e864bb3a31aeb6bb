import type { ServerResponse } from 'node:http';
import type { ApiProblem } from './contract.ts';

/** Something that cannot be answered as it was asked: `detail` says what is wrong, `remedy` what helps. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
  /** What the answer carries besides. */
  readonly more: object;

  constructor(
    status: number,
    { title, detail, remedy, more = {} }: { title: string; detail: string; remedy: string; more?: object },
  ) {
    super(detail);
    this.status = status;
    this.title = title;
    this.remedy = remedy;
    this.more = more;
  }
}

/** Answers an error as `application/problem+json`; what is not `Refused` is a fault of ours. */
export function answerProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const refused =
    error instanceof Refused
      ? error
      : new Refused(500, {
          title: 'This could not be answered',
          detail: error instanceof Error ? error.message : String(error),
          remedy: 'Try again. If it stays, stop "npm start" and start it anew.',
        });
  const { status, title, message, remedy, more } = refused;
  const problem: ApiProblem = { title, detail: message, do: remedy };
  response.writeHead(status, { 'content-type': 'application/problem+json; charset=utf-8' });
  response.end(`${JSON.stringify({ ...problem, ...more })}\n`);
}
