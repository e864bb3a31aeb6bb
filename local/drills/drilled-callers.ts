import type { HttpRequest, OutgoingRequest } from '../business/local-business.ts';
import { startTokenIssuer } from '../token-issuer/token-issuer.ts';

/** Who calls the service of a drill, and as what. */
export interface DrilledCallers {
  /** The modules that the service needs for them. */
  readonly modules: readonly string[];
  /** Variables of the service. */
  readonly env: Readonly<Record<string, string>>;
  /** The next request of the usual load, as one of its callers sends it. */
  sign(request: OutgoingRequest): OutgoingRequest;
  /** A request as a caller of its own sends it: never one of the usual load. */
  signAs(caller: string, request: HttpRequest): Promise<HttpRequest>;
  stop(): Promise<void>;
}

const audience = 'api://drill';
const usual = ['one', 'two', 'three'];

/** A service that asks for no token: requests stay as they are. */
const withoutTokens: DrilledCallers = {
  modules: [],
  env: {},
  sign: (request) => request,
  signAs: async (_caller, request) => request,
  stop: async () => undefined,
};

/** Starts what signs for the callers of a drill. With `tokens` the service asks for them, and three callers take turns. */
export async function startDrilledCallers({
  tokens = false,
}: {
  tokens?: boolean | undefined;
}): Promise<DrilledCallers> {
  if (!tokens) return withoutTokens;
  const issuer = await startTokenIssuer({ audience });
  const tokenOf = (caller: string) => issuer.token({ client: `client-${caller}`, object: `object-${caller}` });
  const signed = await Promise.all(usual.map(tokenOf));
  let turn = 0;
  const withToken = <Request extends HttpRequest>(request: Request, token = ''): Request => ({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token}` },
  });
  return {
    modules: ['bearer-tokens'],
    env: { TOKEN_ISSUER: issuer.issuer, TOKEN_AUDIENCE: audience },
    sign: (request) => ('target' in request ? request : withToken(request, signed[turn++ % signed.length])),
    signAs: async (caller, request) => withToken(request, await tokenOf(caller)),
    stop: issuer.stop,
  };
}
