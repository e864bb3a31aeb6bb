import type { ApiAnswer, ApiProblem } from '../api/contract.ts';

/** An answer of the server that says what is wrong and what helps. */
export class ApiFailure extends Error {
  readonly problem: ApiProblem;
  readonly status: number;

  constructor(problem: ApiProblem, status: number) {
    super(problem.detail);
    this.problem = problem;
    this.status = status;
  }
}

const unreachable: ApiProblem = {
  title: 'Not connected',
  detail: 'The stand-ins do not answer.',
  do: 'Is npm start still running?',
};

/** Asks the server. Throws `ApiFailure`, with status 0 when there is no answer at all. */
export const getJson = <T>(path: string, signal?: AbortSignal): Promise<ApiAnswer<T>> =>
  ask<ApiAnswer<T>>(path, signal ? { signal } : {});

/** Changes something, or asks with a body. Carries the token of this run. Throws `ApiFailure`. */
export function sendJson<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown = {}): Promise<T> {
  const token = document.querySelector<HTMLMetaElement>('meta[name=token]')?.content ?? '';
  return ask<T>(path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api/${path}`, init).catch((error: Error) => {
    if (error.name === 'AbortError') throw error;
    throw new ApiFailure(unreachable, 0);
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text || '{}') as T;
  throw new ApiFailure(problemOf(text, response), response.status);
}

/** Answers of the stand-ins themselves have an `error` in place of a problem. */
function problemOf(text: string, { status, statusText }: Response): ApiProblem & Record<string, unknown> {
  try {
    const { title, detail, error, do: help, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...rest,
      title: String(title ?? `${status} ${statusText}`),
      detail: String(detail ?? error ?? ''),
      do: String(help ?? ''),
    };
  } catch {
    return { title: `${status} ${statusText}`, detail: text.slice(0, 300), do: '' };
  }
}

/** What went wrong, whatever was thrown. */
export const problemIn = (error: unknown): ApiProblem =>
  error instanceof ApiFailure
    ? error.problem
    : { title: 'This page has a fault', detail: String(error), do: 'Load it again.' };
