import { type Request, type RequestHandler, type Response, Router } from 'express';

declare global {
  namespace Express {
    interface Locals {
      /** The route that the request asks for, such as `/files/:id`. Absent when there is none. */
      routeTemplate?: string;
    }
  }
}

/** An entry of `listRoutes()`, which the types of Express do not know yet. `router` is set for a mounted router. */
interface Listed {
  path: string | RegExp;
  methods?: readonly string[];
  router?: Router;
}

/**
 * Notes in `response.locals.routeTemplate` the first route of `routers` that takes the request's method and path, with
 * the mount paths of nested routers. It runs before all that may refuse a request, so that refusals are named too.
 * Known are the routes that exist when it is called; one given as a regular expression has no template.
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
    // On an object of its own, because Express changes the request that it routes. A path that cannot be decoded has no
    // name here; the router of the business answers it.
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
