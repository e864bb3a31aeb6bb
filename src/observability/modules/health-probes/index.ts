import { type Response, Router } from 'express';
import type { HealthReport } from '../../../platform/health.ts';
import { problemOfStatus } from '../../../platform/problem.ts';
import type { Runtime, SetUp } from '../../module.ts';
import type { manifest } from './manifest.ts';

const closed = 'The details need a bearer token. /health/live and /health/ready need none.';

/** Routes for the probes of the hosting platform. Without a token they answer one word; details need a token. */
export const setUp: SetUp<typeof manifest> = () => {
  let runtime: Runtime | undefined;
  const routes = Router();
  const report = (): HealthReport => runtime?.health() ?? { state: 'starting', checks: [] };

  routes.get('/health/live', (_request, response) => answer(response, 200, { status: 'live' }));
  routes.get('/health/ready', (_request, response) => {
    const status = summarise(report());
    answer(response, status === 'ready' || status === 'degraded' ? 200 : 503, { status });
  });
  routes.get('/health/details', async (request, response) => {
    const allowed = await runtime?.authenticated(request).catch(() => false);
    if (!allowed) throw problemOfStatus(401, closed, { 'www-authenticate': 'Bearer' });
    answer(response, 200, { status: summarise(report()), ...report() });
  });

  return {
    routes: [routes],
    start(started) {
      runtime = started;
    },
  };
};

type Status = HealthReport['state'] | 'degraded' | 'unavailable';

/** Checks with `needed` are those that this process's roles cannot do without. Others, such as a destination, degrade. */
function summarise({ state, checks }: HealthReport): Status {
  if (state !== 'ready') return state;
  if (checks.some(({ needed, ok }) => needed && !ok)) return 'unavailable';
  return checks.every(({ ok }) => ok) ? 'ready' : 'degraded';
}

function answer(response: Response, status: number, body: object): void {
  response.status(status).set('cache-control', 'no-store').json(body);
}
