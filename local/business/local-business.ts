import type { Readable } from 'node:stream';
import type { Destinations } from '../destination/index.ts';

/**
 * What `npm start` and `npm run send` give one business: its variables, stand-ins for the systems that it calls, and
 * requests. `local/business/index.ts` lists one for each business that wants any of it; every part may be left out.
 */
export interface LocalBusiness {
  /** Its name in `src/business`. One that the service does not have is ignored, and `npm start` says so. */
  name: string;
  /**
   * The systems that it calls, by name: each is served below `<address>/<name>`, keeps a ledger, and misbehaves when
   * `npm run fault -- destination <mode> destination=<name>` says so. A function, where the names stand in a file of the
   * checkout `root`: it is asked again when the service starts anew.
   */
  destinations?: Destinations | ((root: string) => Destinations);
  /** Its environment variables. What the shell sets wins. */
  variables?(addresses: Addresses): Readonly<Record<string, string>>;
  /** What `npm run send` sends. */
  requests?: LocalRequests;
}

export interface Addresses {
  /** Below it every destination is served. */
  destination: string;
}

export interface LocalRequests {
  /** Made requests, for `npm run send -- --sample <count>`. `runId` differs in every run, for keys that must be new. */
  sample?(options: { count: number; seed: number; runId: string }): Iterable<OutgoingRequest>;
  /**
   * The request that a person sends to see a deployed service work; without it the first of the sample that will do.
   * `npm run generate` writes it into `infra/workload/example-request.json`.
   */
  example?: HttpRequest;
  /** One request for each file, for `npm run send -- <files or folders>`. */
  fromFiles?(paths: readonly string[], runId: string): Iterable<OutgoingRequest>;
  /** What `npm run drill` sends; without it those of the sample that expect an answer of 2xx. */
  drill?: DrillRequests;
  /** How an accepted request is followed to its end. Without it an answer of 2xx is the end. */
  follow?: Follow;
}

/** `key` is new in each, for ids and idempotency keys. */
export interface DrillRequests {
  /** A request that is delivered when nothing is wrong; `index` counts them, so that they may go to different places. */
  usual(key: string, index: number): OutgoingRequest;
  /** One that is accepted and that its handler never can do. Without it the drill `poison-message` is left out. */
  poison?(key: string): OutgoingRequest;
}

/**
 * Where the message of a request ends: in the ledger of a destination, under its id as the idempotency key, or in the
 * dead-letter queue of `queue`.
 */
export interface Follow {
  queue: string;
  /** The id in the answer to an accepted request; undefined when there is none. */
  idInAnswer(body: unknown): string | undefined;
  /** The application property that holds the id on a message; without it the message id does. */
  idProperty?: string;
  /** The application property with a name for people, where a message has one: telemetry holds no names. */
  nameProperty?: string;
  /** The destination gets the very body of the request: only with the same SHA-256 is it delivered. */
  sameContent?: boolean;
}

/** One request to come: to a route, or a message as another system would send it. */
export type OutgoingRequest = HttpRequest | MessageRequest;

interface Sendable {
  /** For people, when something is wrong with it. */
  label: string;
  /** The name of the file that it sends, where it sends one: telemetry holds no names. */
  fileName?: string;
  /** The answer that it must get; without it whatever comes is counted. */
  expectedStatus?: number | undefined;
  /** Opens the body anew for every attempt. Throws when it cannot be read. */
  open(): Promise<{ bytes: number; content: Readable }>;
}

export interface HttpRequest extends Sendable {
  /** POST when it is left out. */
  method?: string;
  path: string;
  headers: Readonly<Record<string, string>>;
}

/** A JSON message; the broker's confirmation counts as an answer of 202. */
export interface MessageRequest extends Sendable {
  /** The queue or topic. */
  target: string;
  /** By this id it is followed. */
  messageId: string;
}
