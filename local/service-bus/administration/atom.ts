import { parseXML, stringifyXML } from '@azure/core-xml';

const ATOM = 'http://www.w3.org/2005/Atom';
const SERVICE_BUS = 'http://schemas.microsoft.com/netservices/2010/10/servicebus/connect';
const COUNTS = 'http://schemas.microsoft.com/netservices/2011/06/servicebus';

/** One entity as the administration client reads it. */
export interface AtomEntry {
  /** Path below the address, such as `parcels` or `orders/Subscriptions/audit`. */
  readonly path: string;
  /** `QueueDescription` and its like. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Message counts in the form that the client insists on: one namespace prefix, declared on the element itself. */
export function countDetails(counts: { active: number; deadLetter: number; scheduled: number }): object {
  return {
    $: { 'xmlns:d2p1': COUNTS },
    'd2p1:ActiveMessageCount': counts.active,
    'd2p1:DeadLetterMessageCount': counts.deadLetter,
    'd2p1:ScheduledMessageCount': counts.scheduled,
    'd2p1:TransferMessageCount': 0,
    'd2p1:TransferDeadLetterMessageCount': 0,
  };
}

export function writeEntry(entry: AtomEntry, baseUrl: string): string {
  return stringifyXML({ $: { xmlns: ATOM }, ...entryBody(entry, baseUrl) }, { rootName: 'entry' });
}

/** A page of entries. `nextUrl` is where the client finds the next one; it looks for it among two links or more. */
export function writeFeed(entries: readonly AtomEntry[], baseUrl: string, nextUrl: string | undefined): string {
  const links = [{ $: { rel: 'self', href: baseUrl } }, ...(nextUrl ? [{ $: { rel: 'next', href: nextUrl } }] : [])];
  const entry = entries.map((each) => entryBody(each, baseUrl));
  return stringifyXML({ $: { xmlns: ATOM }, title: 'Entities', link: links, entry }, { rootName: 'feed' });
}

export function writeFault(status: number, detail: string): string {
  return stringifyXML({ Code: status, Detail: detail }, { rootName: 'Error' });
}

/** Reads what the client wants created. `undefined` when the XML holds no description of an entity. */
export async function readDescription(xml: string): Promise<{ kind: string; properties: object } | undefined> {
  const document: unknown = await parseXML(xml, { includeRoot: true }).catch(() => undefined);
  const content = childOf(childOf(document, 'entry'), 'content');
  const kind = Object.keys(content ?? {}).find((name) => name.endsWith('Description'));
  if (!kind) return undefined;
  const described = childOf(content, kind) ?? {};
  const fields = Object.entries(described).filter(([name]) => name !== '$');
  return {
    kind,
    properties: Object.fromEntries(fields.map(([name, value]) => [propertyName(name), typed(name, value)])),
  };
}

function entryBody({ path, kind, fields }: AtomEntry, baseUrl: string): object {
  const named = { $: { xmlns: SERVICE_BUS }, ...fields };
  return { id: `${baseUrl}/${path}`, title: path, content: { $: { type: 'application/xml' }, [kind]: named } };
}

function childOf(node: unknown, name: string): Record<string, unknown> | undefined {
  const child: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
  return typeof child === 'object' && child !== null ? { ...child } : undefined;
}

function propertyName(element: string): string {
  if (element === 'EntityAvailabilityStatus') return 'availabilityStatus';
  return element.slice(0, 1).toLowerCase() + element.slice(1);
}

function typed(element: string, value: unknown): unknown {
  if (typeof value !== 'string' || element === 'UserMetadata') return value;
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return /^\d+$/.test(value) ? Number(value) : value;
}
