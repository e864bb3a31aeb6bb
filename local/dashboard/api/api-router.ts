import { Refused } from './api-problem.ts';

export interface ApiRequest {
  /** What stands in the place of the names of the path, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** What was sent; undefined for a request that only reads. */
  body: unknown;
}

export interface ApiReply {
  status?: number;
  data: unknown;
  next?: string | undefined;
}

export type ApiHandler = (request: ApiRequest) => ApiReply | Promise<ApiReply>;
/** By method and path below `/api/`, such as `GET queues/:name/groups`. */
export type ApiRoutes = Readonly<Record<string, ApiHandler>>;

/** Finds the handler of a request. Throws `Refused` where there is none. */
export function createApiRouter(routes: ApiRoutes) {
  const parsed = Object.entries(routes).map(([route, handler]) => {
    const [method = '', path = ''] = route.split(' ');
    return { method, parts: path.split('/'), handler };
  });
  return (method: string, path: string): { handler: ApiHandler; params: Record<string, string> } => {
    const given = path.split('/').map(decode);
    const fits = parsed.flatMap(({ method: its, parts, handler }) => {
      const params = match(parts, given);
      return params === undefined ? [] : [{ method: its, handler, params }];
    });
    const found = fits.find((each) => each.method === method);
    if (found) return found;
    const allowed = fits.map((each) => each.method).join(', ');
    throw new Refused(fits.length > 0 ? 405 : 404, {
      title: 'There is nothing here',
      detail: `There is no ${method} /api/${path}.`,
      remedy: allowed ? `Use ${allowed}.` : 'Reload the page: it may be older than its server.',
    });
  };
}

function match(parts: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const value = given[at] ?? '';
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
