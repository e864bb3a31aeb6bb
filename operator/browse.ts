import type { ServiceBusReceiver } from '@azure/service-bus';
import Long from 'long';

/** All messages of a page are in memory at the same time: 50 of the largest messages are 12 MB. */
const pageSize = 50;

/** All messages of the receiver's queue, oldest first, read page by page. `ask` runs each read. Locks none. */
export async function* browse(receiver: ServiceBusReceiver, ask: <T>(run: () => Promise<T>) => Promise<T>) {
  let fromSequenceNumber = Long.ZERO; // otherwise the SDK continues where the last peek ended
  for (;;) {
    const from = { fromSequenceNumber };
    const page = await ask(() => receiver.peekMessages(pageSize, from));
    yield* page;
    const last = page.at(-1)?.sequenceNumber;
    if (last === undefined) return;
    fromSequenceNumber = last.add(1);
  }
}
