import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { createAdmission } from './admission.ts';
import type { Business, RouteTools } from './business.ts';
import { createErrorHandler } from './error-handler.ts';
import type { Logger } from './log.ts';
import { Problem } from './problem.ts';
import { nameRoutes } from './route-names.ts';
import { anyone, type TokenVerifier } from './token-verifier.ts';

export interface HostOptions {
  businesses: readonly Business[];
  tools: (business: Business) => RouteTools;
  /** Health: before everything that measures, logs or refuses. */
  routes: readonly Router[];
  /** Telemetry: around everything that may answer, so that refusals are measured too. */
  http: readonly RequestHandler[];
  tokens?: TokenVerifier;
  /** False in a process without the role `api`: it has `routes` alone. */
  api?: boolean;
  maxBodyBytes?: number;
  /** Of all requests that have a body and no answer yet; see `createAdmission`. */
  maxHeldBytes?: number;
  log: Logger;
}

/**
 * The Express application, not yet listening. A business's routes get bodies as Buffers of at most `maxBodyBytes`,
 * only from callers whom `tokens` lets pass, and may throw: every error becomes problem details.
 */
export function createHost({
  businesses,
  tools,
  routes,
  http,
  tokens = anyone,
  api = true,
  maxBodyBytes = 192 * 1024,
  maxHeldBytes,
  log,
}: HostOptions): Express {
  const app = express();
  // An answer to a request that changes something is never asked for again with If-None-Match.
  app.disable('etag');
  // Express's own last resort, should our error handler fail, shows the stack in every other environment.
  app.set('env', 'production');

  app.use(helmet(), ...routes);
  if (api) {
    const routers = businesses.map((business) => {
      const router = express.Router();
      business.routes?.(router, tools(business));
      return router;
    });
    app.use(nameRoutes(routers), ...http, checkToken(tokens));
    app.use(createAdmission({ maxBodyBytes, maxHeldBytes, log }));
    app.use(express.raw({ type: () => true, limit: maxBodyBytes }), emptyBody, ...routers);
  }
  app.use(notFound, createErrorHandler(log));
  return app;
}

function checkToken(tokens: TokenVerifier): RequestHandler {
  return async function tokenCheck(request, response, next) {
    response.locals.caller = await tokens.verify(request);
    next();
  };
}

/** The body parser leaves `undefined` where a request has no body; a route should not have to know. */
const emptyBody: RequestHandler = function emptyBody(request, _response, next) {
  request.body ??= Buffer.alloc(0);
  next();
};

const notFound: RequestHandler = function notFound() {
  throw new Problem({ type: 'not-found', title: 'Not Found', status: 404 });
};
