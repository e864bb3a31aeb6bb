import { readMode } from '../loopback/mode.ts';
import { createSeededShare } from '../loopback/seeded-share.ts';
import { conditions } from './entity/broker-error.ts';
import { type ServiceBusMode, serviceBusModes } from './fault-modes.ts';
import type { FaultRules } from './fault-rules.ts';
import type { LinkRegistry } from './link/link-registry.ts';
import type { AmqpServer } from './wire/amqp-server.ts';

export interface DetachOptions {
  /** A queue, topic or `<topic>/Subscriptions/<name>`; every entity when left out. */
  entity?: string;
  condition?: string;
  description?: string;
}

/** Everything that can be made to go wrong. The administration endpoint goes on working, so that messages can be counted. */
export interface Faults
  extends Pick<
    FaultRules,
    'refuseSends' | 'ignoreSends' | 'refuseSettlements' | 'ignoreSettlements' | 'serverBusy' | 'slowDelivery' | 'clear'
  > {
  /** Ends links with an error; clients open new ones. */
  detachLinks(options?: DetachOptions): void;
  /** Cuts every connection without a word. */
  dropSockets(): void;
  /** The broker is down: connections cut, new ones refused. Messages, locks and timers stay, as in a real broker. */
  stopBroker(): Promise<void>;
  /** Listens again on the same port. Throws when it is taken. */
  startBroker(): Promise<void>;
  /** Switches to one of the modes that the command line offers and answers the new state. Throws a sentence on a wrong one. */
  mode(name: string, options?: Readonly<Record<string, unknown>>): Promise<object>;
  state(): object;
}

export interface FaultsOptions {
  rules: FaultRules;
  server: AmqpServer;
  links: LinkRegistry;
}

export function createFaults({ rules, server, links }: FaultsOptions): Faults {
  let current: ServiceBusMode = { mode: 'ok' };

  const detachLinks: Faults['detachLinks'] = ({
    entity,
    condition = conditions.detached,
    description = 'The link was detached by the Service Bus test double, as it was told to.',
  } = {}) => links.detach(({ path }) => !entity || path.toLowerCase() === entity.toLowerCase(), condition, description);

  const state = (): object => ({
    ...current,
    running: server.running,
    connections: server.connections,
    links: links.size,
    linksOpened: links.opened,
    ...rules.state(),
  });

  const apply = async (mode: ServiceBusMode): Promise<void> => {
    if (mode.mode === 'drop-sockets') return server.dropSockets();
    if (mode.mode === 'detach-links') return detachLinks();
    rules.clear();
    current = mode;
    if (mode.mode === 'slow') rules.slowDelivery(mode.ms);
    if (mode.mode === 'flaky') rules.flakySends(createSeededShare(mode));
    if (mode.mode === 'server-busy') rules.serverBusy();
    if (mode.mode === 'ignore-sends') rules.ignoreSends({ carriedOut: mode.carriedOut });
    await (mode.mode === 'down' ? server.stop() : server.start());
  };

  return {
    refuseSends: rules.refuseSends,
    ignoreSends: rules.ignoreSends,
    refuseSettlements: rules.refuseSettlements,
    ignoreSettlements: rules.ignoreSettlements,
    serverBusy: rules.serverBusy,
    slowDelivery: rules.slowDelivery,
    clear() {
      rules.clear();
      if (current.mode !== 'down') current = { mode: 'ok' };
    },
    detachLinks,
    dropSockets: server.dropSockets,
    stopBroker: server.stop,
    startBroker: server.start,
    async mode(name, options = {}) {
      await apply(readMode(serviceBusModes, name, options));
      return state();
    },
    state,
  };
}
