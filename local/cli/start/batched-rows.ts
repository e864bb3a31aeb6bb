import type { Row } from '../../application-insights/index.ts';

/** Rows wait for each other this long: one commit for many. */
const TOGETHER_MS = 250;

export interface BatchedRows {
  put(...rows: readonly Row[]): void;
  /** Resolves when everything is in. */
  stop(): Promise<void>;
}

/** Hands rows on in batches, in their order. Those of a batch that `add` refuses are lost, which `warn` hears once. */
export function batchRows(add: (rows: readonly Row[]) => Promise<void>, warn: (sentence: string) => void): BatchedRows {
  let waiting: Row[] = [];
  let timer: NodeJS.Timeout | undefined;
  let added: Promise<void> = Promise.resolve();
  let failed = false;

  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    const rows = waiting;
    waiting = [];
    added = added
      .then(() => add(rows))
      .catch((error: Error) => {
        if (!failed) warn(`Rows of the service's container and metrics could not be kept: ${error.message}`);
        failed = true;
      });
  };
  return {
    put(...rows) {
      waiting.push(...rows);
      timer ??= setTimeout(send, TOGETHER_MS).unref();
    },
    async stop() {
      send();
      await added;
    },
  };
}
