import { running } from '../../../src/observability/running.ts';
import type { Business } from '../../../src/platform/business.ts';
import { createHost } from '../../../src/platform/host.ts';
import { listen } from '../../../src/platform/server.ts';
import { countRequest, item, reportTo } from './application.ts';

// The starter as main.ts composes it, with a business that has one route and no queue.
const { modules, log } = running;
const items: Business = {
  name: 'items',
  routes: (router) => {
    router.get('/items/:id', (request, response) => {
      countRequest();
      response.json(item(request.params.id ?? ''));
    });
    router.get('/broken', () => {
      throw new Error('broken');
    });
  },
};
const health = () => ({ state: 'ready' as const, checks: [] });
await modules.start({ messaging: undefined, health, authenticated: async () => false });
const send = () => Promise.reject(new Error('no queue here'));
const app = createHost({
  businesses: [items],
  tools: () => ({ send, log, settings: {} }),
  routes: modules.routes,
  http: modules.http,
  log,
});
const { port } = await listen(app, 0, '127.0.0.1');
reportTo(port);
