import { type Request, type RequestHandler, type Response, Router } from 'express';

declare global {
  namespace Express {
    interface Locals {
      /** The route that the request asks for, such as `/orders/:id`. Absent when there is none. */
      routeTemplate?: string;
    }
  }
}

/** An entry of `listRoutes()`, which the types of Express do not contain yet. `router` is set for a mounted router. */
interface Listed {
  path: string | RegExp;
  methods?: readonly string[];
  router?: Router;
}

/**
 * Sets `response.locals.routeTemplate` to the first route of `routers` that matches the method and path of the request,
 * with the mount paths of nested routers. Use it before every middleware that may refuse a request, so that refused
 * requests have a route too. It knows the routes that exist when it is created. A route that is given as a regular
 * expression has no template.
 */
export function nameRoutes(routers: readonly Router[]): RequestHandler {
  const templates = Router();
  for (const { template, methods } of routers.flatMap((router) => routesOf(router))) {
    templates.all(template, ({ method }, response, next) => {
      if (methods.includes(method) || methods.includes('*')) response.locals.routeTemplate = template;
      else next();
    });
  }
  return function nameRoute({ method, url }, response, next) {
    // A separate object, because Express changes the request that it routes. A path that cannot be decoded gets no
    // template here; the router of the business refuses it.
    templates({ method, url } as Request, response as Response, () => {});
    next();
  };
}

function routesOf(router: Router, mount = ''): { template: string; methods: readonly string[] }[] {
  const listed = (router as unknown as { listRoutes(): Listed[] }).listRoutes();
  return listed.flatMap(({ path, methods = [], router: mounted }) => {
    if (path instanceof RegExp) return [];
    const template = (mount + path).replace(/(?<=.)\/+$/, '');
    return mounted ? routesOf(mounted, template === '/' ? '' : template) : [{ template, methods }];
  });
}
