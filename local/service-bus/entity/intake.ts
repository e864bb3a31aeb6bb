import type { Clock } from './broker-clock.ts';
import { BrokerError, conditions } from './broker-error.ts';
import type { Deadlines } from './deadlines.ts';
import { createDuplicateHistory } from './duplicate-history.ts';
import type { MessageContent, QueuedMessage } from './message.ts';
import type { MessageIndex } from './message-index.ts';
import type { QueueSettings } from './queue-settings.ts';

export interface Intake {
  /** Messages that wait for their time. */
  readonly scheduled: number;
  /**
   * Takes all of the messages or none, and answers their sequence numbers; a duplicate gets the number of the message
   * it repeats. Throws `BrokerError` for a message that is too large or lacks the session id its entity requires.
   */
  accept(contents: readonly MessageContent[]): number[];
  /** Takes a message that came through a topic, which has numbered, checked and timed it already. */
  acceptForwarded(message: QueuedMessage): void;
  /** Throws `BrokerError` and cancels nothing when one of the numbers is not a waiting message. */
  cancel(sequenceNumbers: readonly number[]): void;
  /** The time of a waiting message has come: it becomes active under a new sequence number. */
  activate(message: QueuedMessage): void;
  clear(): void;
}

export interface IntakeOptions {
  clock: Clock;
  settings: QueueSettings;
  index: MessageIndex;
  deadlines: Deadlines;
  /** Gets every message that may be received from now on. */
  onActive(message: QueuedMessage): void;
}

/** The way into a queue or a topic: checks, duplicate detection, sequence numbers, scheduling, time to live. */
export function createIntake({ clock, settings, index, deadlines, onActive }: IntakeOptions): Intake {
  const history = createDuplicateHistory({ clock, windowMs: settings.duplicateWindowMs });
  let lastNumber = 0;
  let scheduled = 0;

  const check = (content: MessageContent): void => {
    const { maxMessageBytes, requiresSession } = settings;
    if (content.size > maxMessageBytes) {
      throw new BrokerError(
        conditions.tooLarge,
        `The received message (size:${content.size} bytes) exceeds the limit (${maxMessageBytes} bytes) currently allowed on the link.`,
      );
    }
    if (requiresSession && content.sessionId === undefined) {
      throw new BrokerError(
        conditions.notAllowed,
        'The SessionId was not set on a message, and it cannot be sent to the entity. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.',
      );
    }
  };

  const enter = (message: QueuedMessage): void => {
    const now = clock.now();
    message.enqueuedAt = now;
    message.expiresAt = now + Math.min(message.content.timeToLiveMs ?? Number.POSITIVE_INFINITY, settings.timeToLiveMs);
    index.put(message);
    deadlines.add(message.expiresAt, message.sequenceNumber);
    onActive(message);
  };

  const take = (content: MessageContent): number => {
    const known = history.find(content.messageId);
    if (known !== undefined) return known;
    const now = clock.now();
    lastNumber += 1;
    const waits = content.scheduledFor !== undefined && content.scheduledFor > now;
    const message: QueuedMessage = {
      content,
      sequenceNumber: lastNumber,
      enqueuedSequenceNumber: lastNumber,
      enqueuedAt: now,
      expiresAt: Number.POSITIVE_INFINITY,
      deliveryCount: 0,
      dueAt: waits ? content.scheduledFor : undefined,
      wasScheduled: waits,
      lock: undefined,
      changedProperties: {},
      deadLetterSource: undefined,
    };
    history.remember(content.messageId, lastNumber);
    if (message.dueAt === undefined) {
      enter(message);
    } else {
      scheduled += 1;
      index.put(message);
      deadlines.add(message.dueAt, message.sequenceNumber);
    }
    return message.sequenceNumber;
  };

  return {
    get scheduled() {
      return scheduled;
    },
    accept(contents) {
      for (const content of contents) check(content);
      return contents.map(take);
    },
    acceptForwarded(message) {
      lastNumber += 1;
      enter({ ...message, sequenceNumber: lastNumber, enqueuedSequenceNumber: message.sequenceNumber });
    },
    cancel(sequenceNumbers) {
      for (const sequenceNumber of sequenceNumbers) {
        if (index.get(sequenceNumber)?.dueAt === undefined) {
          throw new BrokerError(
            conditions.messageNotFound,
            `The scheduled message with sequence number ${sequenceNumber} could not be found.`,
          );
        }
      }
      for (const sequenceNumber of new Set(sequenceNumbers)) {
        scheduled -= 1;
        index.remove(sequenceNumber);
      }
    },
    activate(message) {
      scheduled -= 1;
      index.remove(message.sequenceNumber);
      message.dueAt = undefined;
      lastNumber += 1;
      message.sequenceNumber = lastNumber;
      enter(message);
    },
    clear() {
      history.clear();
      scheduled = 0;
    },
  };
}
