import { expect, test } from 'vitest';
import file from '../../../../infra/prices.json' with { type: 'json' };
import { readTelemetryPrice } from '../../../../src/observability/modules/cost-meter/prices.ts';

const read = (text: string) => readTelemetryPrice({ name: 'prices.json', text });

test('price, free amount and currency are those of the file that the deployment guide is made of', () => {
  const { price, free } = file.prices.telemetry;
  expect(readTelemetryPrice()).toMatchObject({ currency: file.currency, price, free });
});

test('without a free amount every byte is paid for', () => {
  const price = { currency: 'EUR', prices: { telemetry: { price: 2 } } };
  expect(read(JSON.stringify(price))).toEqual({ currency: 'EUR', price: 2, free: 0 });
});

test.each([
  ['no price of telemetry', '{ "currency": "EUR", "prices": {} }', /prices\.json: prices\.telemetry: /],
  ['a price that is text', '{ "currency": "EUR", "prices": { "telemetry": { "price": "2" } } }', /telemetry\.price: /],
  ['a price below zero', '{ "currency": "EUR", "prices": { "telemetry": { "price": -2 } } }', /at least 0/],
  ['no JSON', '{ prices', /text that is not JSON/],
])('%s is a fault with its place', (_, text, fault) => {
  expect(() => read(text)).toThrow(fault);
});
