import { Router } from 'express';
import { expect, test } from 'vitest';
import { nameRoutes } from '../../src/platform/route-names.ts';

/** The template that a request gets from the routes that `declare` adds to a business's router. */
function namesOf(declare: (router: Router) => void) {
  const router = Router();
  declare(router);
  const name = nameRoutes([Router(), router]);
  return (method: string, url: string): unknown => {
    const locals: { routeTemplate?: string } = {};
    let passedOn = 0;
    const request = { method, url };
    name(request as Parameters<typeof name>[0], { locals } as Parameters<typeof name>[1], () => {
      passedOn += 1;
    });
    expect([passedOn, request]).toEqual([1, { method, url }]);
    return locals.routeTemplate;
  };
}

test('a request is named by the first route that takes its method and path', () => {
  const named = namesOf((router) => {
    router.get(['/parcels', '/all'], () => {});
    router.put('/parcels/:id', () => {});
    router.get('/parcels/:name', () => {});
    router.all('/any{/:id}', () => {});
    router.get('/', () => {});
  });
  expect(named('GET', '/parcels?page=2')).toBe('/parcels');
  expect(named('HEAD', '/all/')).toBe('/all');
  expect(named('GET', '/parcels/a%20b')).toBe('/parcels/:name');
  expect(named('DELETE', '/any/1')).toBe('/any{/:id}');
  expect(named('GET', '/')).toBe('/');
  expect(named('GET', 'http://a.test/parcels/1')).toBe('/parcels/:name');
});

test('mounted routers give their mount paths to the name', () => {
  const inner = Router().get('/', () => {});
  inner.get('/parcels/:name', () => {});
  const named = namesOf((router) => {
    router.use('/static/', inner);
    router.use('/tenants/:tenant', Router().use('/inner', inner));
    router.use(Router().get('/plain', () => {}));
  });
  expect(named('GET', '/static')).toBe('/static');
  expect(named('GET', '/tenants/parcels/inner/parcels/parcels')).toBe('/tenants/:tenant/inner/parcels/:name');
  expect(named('GET', '/plain')).toBe('/plain');
});

test('without a route there is no name: other methods, other paths, broken ones, regular expressions', () => {
  const named = namesOf((router) => {
    router.post('/parcels/:id', () => {});
    router.get(/^\/exp/, () => {});
    router.use('/middleware', (_request, _response, next) => next());
  });
  for (const [method, url] of [
    ['GET', '/parcels/1'],
    ['OPTIONS', '/parcels/1'],
    ['POST', '/parcels/%E0%A4'],
    ['POST', '//parcels/1'],
    ['GET', '/exp'],
    ['GET', '/middleware'],
    ['OPTIONS', '*'],
  ] as const) {
    expect(named(method, url), url).toBeUndefined();
  }
});
