/** `GET send` */
export interface SendOptions {
  /** A sentence in the place of what the business cannot send. */
  files: boolean;
  sample: boolean;
  why?: string;
  /** `POST /parcels`: where a file goes. */
  target?: string;
  sent: SentItem[];
  /** The stand-ins and their modes, as `GET /api/faults` answers them; `PUT /api/faults/:target {mode}` changes one. */
  faults: { target: 'destination' | 'ingestion' | 'service-bus'; mode: string; modes: string[] }[];
}

/** `POST send`: one file of the page, at most 16 MB, or requests of the business's own. Answered 202 with `Sent`. */
export type SendBody = { name: string; base64: string } | { sample: number };

export interface Sent {
  items: SentItem[];
}

/** Followed through the ledger of the destination and the dead-letter queue: `GET send`, or the topic `sent`. */
export interface SentItem {
  id: string;
  name: string;
  bytes: number;
  at: string;
  state: 'sending' | 'accepted' | 'refused' | 'failed' | 'delivered' | 'dead-lettered';
  status?: number;
  /** What the service answered, when it refused. */
  detail?: string;
  /** The destination that has it. */
  destination?: string;
  operationId?: string;
  messageId?: string;
}
