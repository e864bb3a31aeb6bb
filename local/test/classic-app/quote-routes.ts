import appInsights from 'applicationinsights';
import { json, type Router } from 'express';

appInsights.setup().setAutoCollectConsole(true, true).start();

const client = appInsights.defaultClient;

export function quoteRoutes(router: Router): void {
  router.post('/quotes', json(), (request, response) => {
    const startedAt = Date.now();
    client.trackTrace({ message: 'a quote is asked for', properties: { item: request.body.item } });
    const price = request.body.quantity * 3;
    client.trackDependency({
      dependencyTypeName: 'PRICES',
      target: 'prices',
      name: 'find price',
      data: request.body.item,
      duration: Date.now() - startedAt,
      resultCode: 0,
      success: true,
    });
    if (price > 100) client.trackException({ exception: new RangeError('the price is above the limit') });
    client.trackMetric({ name: 'quotePrice', value: price });
    client.trackEvent({ name: 'quote given', properties: { item: request.body.item }, measurements: { price } });
    response.json({ price });
  });
}
