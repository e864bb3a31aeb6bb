import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { createAdmission, mostHeldBytes } from './admission.ts';
import type { Business, Tools } from './business.ts';
import type { TokenVerifier } from './callers.ts';
import { createErrorHandler } from './error-handler.ts';
import { unreadBody } from './json-body.ts';
import type { Logger } from './log.ts';
import { problemOfStatus } from './problem.ts';
import { nameRoutes } from './route-names.ts';

export interface HostOptions {
  businesses: readonly Business[];
  tools: (business: Business) => Tools;
  /** The health routes. They come first, so that their requests are never measured, logged or refused. */
  routes: readonly Router[];
  /** Telemetry. It comes before everything that may refuse a request, so that refusals are measured too. */
  http: readonly RequestHandler[];
  /** Sees only requests of callers that `tokens` accepts. */
  afterTokens?: readonly RequestHandler[];
  /** Undefined: no tokens are required. */
  tokens?: TokenVerifier | undefined;
  /** False in a process without the role `api`: such a process serves `routes` only. */
  api?: boolean;
  /** The limit for all requests together that have a body and no answer yet; see `createAdmission`. */
  maxHeldBytes?: number;
  log: Logger;
}

/**
 * The Express application, not yet listening. A route of a business gets only requests of callers that `tokens`
 * accepts, and reads its body with a parser of its own. A route may throw: every error becomes problem details.
 */
export function createHost({ api = true, maxHeldBytes = mostHeldBytes, log, ...options }: HostOptions): Express {
  const { businesses, tools, routes, http, tokens, afterTokens = [] } = options;
  const app = express();
  // An etag is for If-None-Match, which callers do not send with requests that change something.
  app.disable('etag');
  // If our error handler fails, Express answers by itself, and only in `production` without the stack.
  app.set('env', 'production');

  app.use(helmet(), ...routes);
  if (api) {
    const routers = businesses.map((business) => {
      const router = express.Router();
      business.routes?.(router, tools(business));
      return router;
    });
    app.use(nameRoutes(routers), ...http, ...(tokens ? [checkToken(tokens)] : []));
    app.use(...afterTokens, createAdmission(maxHeldBytes, log), unreadBody, ...routers);
  }
  app.use(() => {
    throw problemOfStatus(404);
  }, createErrorHandler(log));
  return app;
}

function checkToken(tokens: TokenVerifier): RequestHandler {
  return async function tokenCheck(request, response, next) {
    response.locals.caller = await tokens(request);
    next();
  };
}
