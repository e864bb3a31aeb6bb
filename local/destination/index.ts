import { startLoopbackServer } from '../loopback/server.ts';
import { createDelivery } from './delivery.ts';
import { createJudge, type DestinationMode } from './faults.ts';
import { createLedger, type Ledger } from './ledger.ts';

export type { LedgerEntry, LedgerTotals } from './ledger.ts';

/** The mode of each destination with its options, since when, and its answers by status (`hang`: none was given). */
export interface DestinationState {
  /** False while connections are refused. */
  listening: boolean;
  destinations: Record<string, DestinationMode & { since: string; answers: Record<string, number> }>;
}

export interface Destination {
  /** Files go to `<url>/<name>`. */
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

/** The place where files are delivered, and that can be told to misbehave. Throws when the port is taken. */
export async function startDestination({
  port = 0,
  names = ['documents', 'images', 'archive'],
  maxEntries = 500_000,
  maxBodyBytes = 16 * 1024 * 1024,
  now = () => new Date(),
}: {
  port?: number;
  names?: readonly string[];
  maxEntries?: number;
  maxBodyBytes?: number;
  now?: () => Date;
} = {}): Promise<Destination> {
  const { record, ...ledger } = createLedger({ maxEntries, now });
  const answers = new Map<string, Record<string, number>>(names.map((name) => [name, {}]));
  const modeOf = new Map(names.map((name) => [name, { ...createJudge('ok', {}), since: now().toISOString() }]));
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
