/** Header names and values in turn, as they go over the wire. */
export type RawHeaders = readonly string[];

const accepts = [
  ['accept', '*/*', 'accept-language', '*'],
  ['accept-language', '*', 'accept', '*/*'],
] as const;

/** What a client with this number sends: its user agent, and its own order of headers. The token comes last. */
export function clientHeaders(fingerprint: number, host: string, token: string): RawHeaders {
  const accepted = accepts[fingerprint % accepts.length] ?? [];
  const first = ['host', host, 'connection', 'keep-alive', 'user-agent', `client/${fingerprint}`];
  return [...first, ...accepted, 'authorization', `Bearer ${token}`];
}

/** They meet no route of a business, so that nothing is done but what is done for every request: routes differ by method. */
export const methodsOfRoutes = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE', 'OPTIONS'] as const;
export const unknownPath = '/extraction';
