import { startLoopbackServer } from '../loopback/loopback-server.ts';
import { createJudge, type DestinationMode } from './destination-faults.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { type CannedAnswer, createDelivery } from './recorded-delivery.ts';

export type { LedgerEntry, LedgerTotals } from './ledger.ts';
export type { CannedAnswer } from './recorded-delivery.ts';

/** What one destination is from the start. */
export interface DestinationSetup {
  /**
   * What every request below `/<name>` is answered with, whatever its method and path. Without it only `POST /<name>`
   * with an `Idempotency-Key` is taken, and answered with what the ledger holds.
   */
  answer?: CannedAnswer;
  /** The mode that it begins in, with the options of that mode. */
  fault?: { mode: string } & Readonly<Record<string, unknown>>;
}

export type Destinations = Readonly<Record<string, DestinationSetup>>;

/** The mode of each destination with its options, since when, and its answers by status (`hang`: none was given). */
export interface DestinationState {
  /** False while connections are refused. */
  listening: boolean;
  destinations: Record<string, DestinationMode & { since: string; answers: Record<string, number> }>;
}

export interface Destination {
  /** Requests go to `<url>/<name>`. */
  readonly url: string;
  readonly ledger: Omit<Ledger, 'record'>;
  readonly faults: {
    /**
     * Changes one destination (`destination` among the options) or all. `down` for all refuses connections, for one it
     * answers 503. Resolves when it holds. Throws a sentence for an unknown mode, option or destination.
     */
    mode(mode: string, options?: Readonly<Record<string, unknown>>): Promise<DestinationState>;
    state(): DestinationState;
  };
  stop(): Promise<void>;
}

/** The systems that the service calls, which can be told to misbehave. Throws when the port is taken. */
export async function startDestination({
  port = 0,
  destinations,
  maxEntries = 500_000,
  maxBodyBytes = 16 * 1024 * 1024,
  now = () => new Date(),
}: {
  port?: number;
  /** By name; each is served below `/<name>`. */
  destinations: Destinations;
  maxEntries?: number;
  maxBodyBytes?: number;
  now?: () => Date;
}): Promise<Destination> {
  const names = Object.keys(destinations);
  const { record, ...ledger } = createLedger({ maxEntries, now });
  const answers = new Map<string, Record<string, number>>(names.map((name) => [name, {}]));
  const modeOf = new Map(
    Object.entries(destinations).map(([name, { fault: { mode, ...options } = { mode: 'ok' } }]) => [
      name,
      { ...createJudge(mode, options), since: now().toISOString() },
    ]),
  );
  let listening = true;

  const known = <T>(map: ReadonlyMap<string, T>, name: string): T => {
    const value = map.get(name);
    if (value === undefined) throw new Error(`There is no destination "${name}"; choose one of ${names.join(', ')}`);
    return value;
  };
  const server = await startLoopbackServer({
    port,
    handle: createDelivery({
      ledger: { record, ...ledger },
      answerOf: (name) =>
        Object.hasOwn(destinations, name) ? (destinations[name]?.answer ?? 'the ledger') : undefined,
      names,
      maxBodyBytes,
      judge: (name) => known(modeOf, name).judge(),
      answered(name, status) {
        const counts = known(answers, name);
        counts[status] = (counts[status] ?? 0) + 1;
      },
    }),
  });
  const state = (): DestinationState => ({
    listening,
    destinations: Object.fromEntries(
      [...modeOf].map(([name, { mode, since }]) => [name, { ...mode, since, answers: { ...known(answers, name) } }]),
    ),
  });

  return {
    url: server.url,
    ledger,
    faults: {
      async mode(mode, { destination, ...options } = {}) {
        const since = now().toISOString();
        if (destination !== undefined) known(modeOf, String(destination));
        const changed = destination === undefined ? names : [String(destination)];
        // Each gets a judge of its own, so that the seeded order of one does not depend on the others' traffic.
        for (const name of changed) modeOf.set(name, { ...createJudge(mode, options), since });
        listening = !(mode === 'down' && destination === undefined);
        await (listening ? server.reopen() : server.close());
        return state();
      },
      state,
    },
    stop: server.stop,
  };
}
