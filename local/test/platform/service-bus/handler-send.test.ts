import { expect, test } from 'vitest';
import type { Business } from '../../../../src/platform/business.ts';
import { eventually, inQueue, message, startWithBroker } from './with-broker.ts';

const entities = {
  queues: { parcels: {}, invoices: { requiresDuplicateDetection: true } },
  topics: { events: { requiresDuplicateDetection: true, subscriptions: { audit: {}, billing: {} } } },
};

test('what a handler sends arrives once, however often the handler is run, also in a worker alone', async (context) => {
  let runs = 0;
  const business: Partial<Business> = {
    sends: ['parcels', 'invoices', 'events'],
    handlers: {
      parcels: async ({ body }, { send }) => {
        runs += 1;
        await send('invoices', { body });
        await send('invoices', { body });
        await send('events', { body });
        if (runs < 3) throw new Error('It fails after it has sent.');
      },
    },
  };
  const { bus, service, send } = await startWithBroker(context, { entities, business, roles: ['worker'] });
  await service.checkEntities();
  service.start();
  await send('parcels', message('f1'));
  await eventually(() => expect(inQueue(bus).total).toBe(0));
  expect(runs).toBe(3);
  expect(inQueue(bus, bus.entities.queue('invoices')?.queue).total).toBe(2);
  for (const name of ['audit', 'billing'])
    expect(inQueue(bus, bus.entities.subscription('events', name)?.queue).total, name).toBe(1);
});

test('a handler cannot send to what its business does not declare', async (context) => {
  let told: unknown;
  const business: Partial<Business> = {
    sends: ['parcels'],
    handlers: {
      parcels: async (_message, { send }) => {
        await send('invoices', { body: 'x' }).catch((error: unknown) => {
          told = error;
        });
      },
    },
  };
  const { service, send } = await startWithBroker(context, { entities, business });
  service.start();
  await send('parcels', message('f1'));
  await eventually(() => expect(String(told)).toContain('add it to `sends` of the business'));
});
