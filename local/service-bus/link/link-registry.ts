import type { Queue } from '../entity/queue.ts';

/** An open link of a client to an entity. */
export interface OpenLink {
  readonly queue: Queue;
  /** The AMQP session and connection that carry it, as identities only. */
  readonly carriers: readonly unknown[];
  /** Tells the client that the link is over, and why. */
  detach(condition: string, description: string): void;
  /** Forgets the client: it went away. May be called twice. */
  gone(): void;
}

/** Which links are open, so that a lost connection or a removed entity takes its links with it. */
export interface LinkRegistry {
  readonly size: number;
  /** How many were opened so far: a client that loses and reopens links shows here. */
  readonly opened: number;
  add(link: OpenLink): void;
  remove(link: OpenLink): void;
  /** The session or connection is gone, with all links that it carried. */
  lost(carrier: unknown): void;
  detach(matches: (queue: Queue) => boolean, condition: string, description: string): void;
}

export function createLinkRegistry(): LinkRegistry {
  const links = new Set<OpenLink>();
  let opened = 0;
  const take = (matches: (link: OpenLink) => boolean): OpenLink[] => {
    const taken = [...links].filter(matches);
    for (const link of taken) {
      links.delete(link);
      link.gone();
    }
    return taken;
  };

  return {
    get size() {
      return links.size;
    },
    get opened() {
      return opened;
    },
    add(link) {
      opened += 1;
      links.add(link);
    },
    remove(link) {
      links.delete(link);
      link.gone();
    },
    lost: (carrier) => void take((link) => link.carriers.includes(carrier)),
    detach(matches, condition, description) {
      for (const link of take((each) => matches(each.queue))) link.detach(condition, description);
    },
  };
}
