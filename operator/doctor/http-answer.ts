/** The answer of a server. `status` is 0 when there is none; `text` then says why. */
export interface Answer {
  status: number;
  text: string;
  /** The time of the server. */
  date?: string | undefined;
}

/** Asks a server and waits ten seconds for its answer, or until `init.signal` ends it. Never throws. */
export async function askServer(url: URL, init: RequestInit = {}): Promise<Answer> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000), ...init });
    const { status, headers } = answer;
    return { status, text: await answer.text(), date: headers.get('date') ?? undefined };
  } catch (error) {
    const { message } = ((error as Error).cause ?? error) as Error;
    return { status: 0, text: message };
  }
}
