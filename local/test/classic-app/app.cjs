// A small classic Express app, as it is before it moves in: the example of docs/guides/from-a-classic-app.md.
const appInsights = require('applicationinsights');

appInsights.setup().setAutoCollectConsole(true, true).start();

const express = require('express');

const client = appInsights.defaultClient;
const app = express();
app.use(express.json());

app.post('/quotes', (request, response) => {
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

const server = app.listen(process.env.PORT, '127.0.0.1', () => process.send?.(server.address().port));
