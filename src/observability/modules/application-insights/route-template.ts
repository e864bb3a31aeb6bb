import express, { type Request } from 'express';

const routeKey = Symbol('route');
const baseKey = Symbol('base URL');
const templateKey = Symbol('route template');
const mountsKey = Symbol('templates of mounts with parameters');

interface Watched extends Request {
  [routeKey]?: { path: unknown } | undefined;
  [baseKey]?: string | undefined;
  [templateKey]?: string;
  [mountsKey]?: Map<string, string>;
}

/**
 * Notes the route template at the moment Express sets `request.route`: when the answer is finished, `baseUrl` has been
 * restored and the mount path is gone. The accessors sit on the prototype of all requests, so a request costs no closure.
 */
export function watchRoutes(): void {
  if (Object.hasOwn(express.request, 'route')) return;
  Object.defineProperties(express.request, { route: routeAccessor, baseUrl: baseUrlAccessor });
}

/** `/files/:id`, with the mount paths of nested routers; undefined when no route has matched. */
export const readRouteTemplate = (request: Request): string | undefined => (request as Watched)[templateKey];

const routeAccessor = {
  configurable: true,
  get(this: Watched) {
    return this[routeKey];
  },
  set(this: Watched, route: Watched[typeof routeKey]) {
    this[routeKey] = route;
    if (!route) return;
    const base = this[baseKey] ?? '';
    const mounted = this[mountsKey]?.get(base) ?? base;
    this[templateKey] = route.path === '/' && mounted !== '' ? mounted : mounted + String(route.path);
  },
};

const baseUrlAccessor = {
  configurable: true,
  get(this: Watched) {
    return this[baseKey];
  },
  set(this: Watched, base: string | undefined) {
    const parent = this[baseKey] ?? '';
    this[baseKey] = base;
    // Express enters a mounted router: `params` holds what the mount path matched, until the next layer replaces it.
    if (base !== undefined && base.length > parent.length) noteMount(this, parent, base);
  },
};

function noteMount(request: Watched, parent: string, base: string): void {
  const parentTemplate = request[mountsKey]?.get(parent);
  const entered = templateOf(base.slice(parent.length), request.params);
  if (parentTemplate === undefined && entered === base.slice(parent.length)) return;
  request[mountsKey] ??= new Map();
  request[mountsKey].set(base, (parentTemplate ?? parent) + entered);
}

/** `/tenants/4711` matched with `{ tenant: '4711' }` is `/tenants/:tenant`. Taken from the end: names come first in paths. */
function templateOf(path: string, params: Request['params'] = {}): string {
  const names = Object.keys(params);
  if (names.length === 0) return path;
  const segments = path.split('/');
  for (const name of names.toReversed()) {
    const values = [params[name]].flat();
    for (const value of values.toReversed()) {
      const at = segments.findLastIndex((segment) => segment === value || decode(segment) === value);
      if (at >= 0) segments[at] = `:${name}`;
    }
  }
  return segments.join('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
