/**
 * Loaded before everything else in a service: tells the test every target that is connected to, and lets only those on this
 * machine through. A name counts as what it is, before anybody has looked it up.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

export interface Target {
  how: 'connect' | 'look up' | 'send';
  host: string;
  own: boolean;
}

const isOwn = (host: string) => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

function tell(how: Target['how'], host: string): boolean {
  const target: Target = { how, host, own: isOwn(host) };
  process.send?.(target);
  return target.own;
}

/** `connect(options)`, `connect(port, host)`, `connect(path)`, or what `net.connect` makes of them: `connect([options, …])`. */
function hostOf(first: unknown, second: unknown): string {
  if (Array.isArray(first)) return hostOf(first[0], first[1]);
  if (typeof first !== 'object' || first === null) return typeof second === 'string' ? second : 'localhost';
  const { host, path } = first as { host?: string | null; path?: string | null }; // Node's own agents write null
  return path ? 'localhost' : (host ?? 'localhost');
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const host = hostOf(args[0], args[1]);
  if (tell('connect', host)) return Reflect.apply(connect, this, args);
  return this.destroy(Object.assign(new Error(`${host} is not on this machine`), { code: 'ECONNREFUSED' }));
};

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function guarded(this: dgram.Socket, ...args: unknown[]) {
  tell('send', String(args.find((arg) => typeof arg === 'string') ?? 'localhost'));
  return Reflect.apply(send, this, args);
};

for (const resolver of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.keys(resolver).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    const own = resolver as unknown as Record<string, unknown>; // the four share no type, and all is passed on
    const original = own[name];
    if (typeof original !== 'function') continue;
    own[name] = function guarded(this: unknown, ...args: unknown[]) {
      tell('look up', String(args[0]));
      return Reflect.apply(original, this, args);
    };
  }
}
