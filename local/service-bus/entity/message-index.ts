import type { QueuedMessage } from './message.ts';

export interface MessageIndex {
  readonly size: number;
  /** Sum of the encoded sizes. */
  readonly bytes: number;
  get(sequenceNumber: number): QueuedMessage | undefined;
  put(message: QueuedMessage): void;
  remove(sequenceNumber: number): void;
  /** At most `count` messages with this number or a higher one, in order. */
  from(sequenceNumber: number, count: number): QueuedMessage[];
  clear(): void;
}

/** Every message of one queue by sequence number, with an order that costs nothing while numbers only grow. */
export function createMessageIndex(): MessageIndex {
  const messages = new Map<number, QueuedMessage>();
  let order: number[] = [];
  let sorted = true;
  let bytes = 0;

  const tidyOrder = (): void => {
    if (!sorted) order.sort((a, b) => a - b);
    sorted = true;
    if (order.length > 2 * messages.size + 16) order = order.filter((sequence) => messages.has(sequence));
  };

  const position = (sequenceNumber: number): number => {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((order[middle] ?? 0) < sequenceNumber) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get size() {
      return messages.size;
    },
    get bytes() {
      return bytes;
    },
    get: (sequenceNumber) => messages.get(sequenceNumber),
    put(message) {
      const last = order.at(-1) ?? 0;
      if (message.sequenceNumber < last) sorted = false;
      if (order.length > 2 * messages.size + 1024) tidyOrder();
      order.push(message.sequenceNumber);
      messages.set(message.sequenceNumber, message);
      bytes += message.content.size;
    },
    remove(sequenceNumber) {
      bytes -= messages.get(sequenceNumber)?.content.size ?? 0;
      messages.delete(sequenceNumber);
    },
    from(sequenceNumber, count) {
      tidyOrder();
      const found: QueuedMessage[] = [];
      for (let at = position(sequenceNumber); at < order.length && found.length < count; at += 1) {
        const message = messages.get(order[at] ?? 0);
        if (message) found.push(message);
      }
      return found;
    },
    clear() {
      messages.clear();
      order = [];
      sorted = true;
      bytes = 0;
    },
  };
}
