import { resolve } from 'node:path';
import { afterAll, describe, test } from 'vitest';
import severalEntities from '../../../test/fixture-forms/several/queues.json' with { type: 'json' };
import topicEntities from '../../../test/fixture-forms/topic-alone/queues.json' with { type: 'json' };
import workerEntities from '../../../test/fixture-forms/worker-alone/queues.json' with { type: 'json' };
import { putMessage } from '../../cli/send/put-message.ts';
import { fixtureBusiness, type TestedBusiness } from '../fixture-business.ts';
import { type ParcelToSend, parcelIdOf, postParcel } from './post-parcel.ts';
import { endServices, startService } from './running-service.ts';
import { type StandIns, startStandIns } from './stand-ins.ts';

/** What goes in, and what must come of it: the same at every level. */
interface Form {
  name: string;
  entities: TestedBusiness['entities'];
  /** A parcel that is posted, and the answer. */
  posts: readonly (readonly [path: string, parcel: ParcelToSend, status: number, body: object])[];
  /** A message that another system puts into a queue. */
  messages: readonly (readonly [queue: string, messageId: string, depot: string])[];
  /** Destination and id of what arrives, once each. */
  delivered: readonly (readonly [destination: string, id: string])[];
  /** The ids of dead letters. */
  dead: readonly string[];
}

const levels = [1, 2, 3, 4, 5];
const noRoute = { type: 'not-found' };
const id = parcelIdOf('news');

const httpAlone: Form = {
  name: 'http-alone',
  entities: { queues: {}, topics: {} },
  posts: [
    ['/quotes', {}, 200, { depot: 'north', cents: 700 }],
    ['/quotes', { depot: 'moon' }, 400, { type: 'bad-request' }],
    ['/quotes', { depot: 'nowhere' }, 422, { detail: 'No depot takes this parcel.' }],
    ['/parcels', {}, 404, noRoute],
  ],
  messages: [],
  delivered: [],
  dead: [],
};
const workerAlone: Form = {
  name: 'worker-alone',
  entities: workerEntities,
  posts: [['/scans', {}, 404, noRoute]],
  messages: [
    ['scans', 'known', 'north'],
    ['scans', 'unknown', 'moon'],
  ],
  delivered: [['north', 'known']],
  dead: ['unknown'],
};
const topicAlone: Form = {
  name: 'topic-alone',
  entities: topicEntities,
  posts: [
    ['/notices', { key: 'news' }, 202, { parcelId: id }],
    ['/notices', { depot: 'moon' }, 400, { type: 'bad-request' }],
  ],
  messages: [],
  delivered: [
    ['billing', id],
    ['tracking', id],
  ],
  dead: [],
};
const parts = [httpAlone, workerAlone, topicAlone];
const several: Form = {
  name: 'several',
  entities: severalEntities,
  posts: parts.flatMap(({ posts }) => posts),
  messages: workerAlone.messages,
  delivered: [...workerAlone.delivered, ...topicAlone.delivered],
  dead: workerAlone.dead,
};

afterAll(endServices);

/** The business of a form in the place of that of the tests, with the same depots. */
const businessOf = ({ name, entities }: Form): TestedBusiness => ({
  ...fixtureBusiness,
  ...{ name, entities, queue: '' },
  variables: ({ destination }) => ({
    FIXTURE_FOLDER: resolve(import.meta.dirname, '../../../test/fixture-forms', name),
    SCANS_DEPOT_URL: destination,
    NOTICES_URL: destination,
  }),
});

async function climb(form: Form, level: number, standIns: StandIns) {
  // Nothing here is about telemetry, which would take half of the processors' time.
  const env = { APPLICATIONINSIGHTS_CONNECTION_STRING: undefined };
  const noBus = form === httpAlone && { SERVICEBUS_CONNECTION_STRING: undefined };
  const service = await startService(standIns, { config: { level }, env: { ...env, ...noBus } });
  const { connectionString } = standIns.serviceBus;
  for (const [target, messageId, depot] of form.messages)
    await putMessage(connectionString, {
      target,
      messageId,
      body: Buffer.from(JSON.stringify({ depot, content: 'x' })),
    });
  const answers = [];
  for (const [path, parcel] of form.posts) answers.push(await postParcel(service, parcel, path));
  await standIns.settled();
  const ready = await fetch(`${service.url}/health/ready`);
  return { service, answers, ready: ready.status };
}

describe.each([...parts, several])('$name', (form) => {
  test.concurrent.for(levels)(
    'at level %i the same is answered, delivered and dead-lettered',
    async (level, context) => {
      const { expect } = context;
      const standIns = await startStandIns({ business: businessOf(form) });
      context.onTestFinished(standIns.stop);
      const { service, answers, ready } = await climb(form, level, standIns);
      expect(ready).toBe(200);
      for (const [index, [path, , status, body]] of form.posts.entries())
        expect(answers[index], path).toMatchObject({ status, body });
      const { ledger } = standIns.destination;
      const arrived = ledger.entries().map(({ destination, key, deliveries }) => [destination, key, deliveries]);
      expect(arrived.toSorted()).toEqual(form.delivered.map((one) => [...one, 1]).toSorted());
      expect([...standIns.deadLettered().keys()]).toEqual(form.dead);
      const errors = service.lines().filter(({ severity }) => severity === 'error');
      expect(new Set(errors.map(({ messageId }) => messageId))).toEqual(new Set(form.dead));
      expect(await service.stop()).toEqual({ code: 0, signal: null });
    },
  );
});
