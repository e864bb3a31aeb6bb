import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowBytes } from '../../../../tools/generate/signals-page.ts';
import { type ApplicationInsights, type Row, startApplicationInsights } from '../../../application-insights/index.ts';
import { startService, type TestedService } from './tested-service/start-service.ts';

let insights: ApplicationInsights;
let service: TestedService;
const requests = 40;
const personalDataKey = 'a-key-of-the-tests-long-enough-to-be-one';
const long = 'x'.repeat(30_000);
const control = 'a\u0000b\r\nc\u001b[31m\u2028d';

/** What a stranger may put into the values of `late.hostile`, each the body of a request of its own. */
const text = JSON.stringify;
const hostile = {
  long: text({ text: long, person: long, n: 1e308 }),
  control: text({ text: control, person: control }),
  nested: text({ text: { toString: 'x', inner: ['a'] }, person: { name: 'Ann' }, n: ['1'] }),
  secret: text({ text: 'Endpoint=sb://x/;SharedAccessKey=HIDDEN; ann@x.test', person: 'ann@x.test', apiKey: 'HIDDEN' }),
  prototype: text({ text: 'prototype', constructor: 'own' }),
  inherited: '{ "text": "inherited", "__proto__": { "person": "inherited", "apiKey": "inherited" }, "n": 1e999 }',
  undeclared: text({
    text: 'undeclared',
    admin: true,
    'microsoft.custom_event.name': 'forged',
    correlationId: 'forged',
  }),
  typical: text({ text: 'i'.repeat(32), person: 'ann', constructor: 'c'.repeat(32), n: 1 }),
};
const hash = (text: string) => createHmac('sha256', personalDataKey).update(text).digest('hex');

beforeAll(async () => {
  insights = await startApplicationInsights();
  // Nothing is sent before the end: every row below was delivered by the last flush.
  const settings = {
    level: 3,
    connectionString: insights.connectionString,
    personalDataKey,
    // On a busy machine a request may be slow, and slow ones are all kept.
    sections: { sampling: { percent: 50 }, slo: { latencyMs: 60_000 }, logs: { console: 'all' } },
  };
  service = await startService(settings, { sendEveryMs: 60_000 });
  for (let sent = 0; sent < requests; sent++) await service.send('GET', `/items/${sent}`);
  await service.send('POST', '/events');
  for (const body of Object.values(hostile)) await service.sendText('/hostile-event', body);
  await service.sendText('/hostile-event', 'null');
  await service.stop();
});

afterAll(() => insights?.stop());

test('an event is a row with text and booleans as properties and numbers as measurements', () => {
  const [event, ...more] = insights.rows('AppEvents').filter(({ Name }) => Name === 'early.happened');
  expect(more).toEqual([]);
  expect(event).toMatchObject({ Properties: { id: 'e-1', ok: 'true' }, Measurements: { bytes: 42 }, ItemCount: 1 });
  expect(event?.Properties).not.toHaveProperty('undeclared');
  expect(event?.OperationId).toMatch(/^[\da-f]{32}$/);
});

test('an event that was defined after the start arrives as well, and without secrets', () => {
  const events = insights.rows('AppEvents').filter(({ Name }) => Name === 'late.happened');
  expect(events).toMatchObject([{ Properties: { id: 'see https://x.test/?sig=REDACTED' } }]);
});

test('a value of the wrong type is left out, so that a column never changes its meaning', () => {
  const [event] = insights.rows('AppEvents').filter(({ Name }) => Name === 'late.mistyped');
  const { correlationId, ...own } = Object(event?.Properties);
  expect(own).toEqual({});
  expect(event?.Measurements).toEqual({});
});

test('at 50 percent a kept request counts for two, and no log line and no event is lost with the others', () => {
  const kept = insights.rows('AppRequests').filter(({ Name }) => Name === 'GET /items/:id');
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(requests);
  expect(new Set(kept.map(({ ItemCount }) => ItemCount))).toEqual(new Set([2]));
  expect(insights.rows('AppTraces').filter(({ Message }) => Message === 'a file is read')).toHaveLength(requests);
});

test('with logs.console at all every line is on standard output too', () => {
  expect(service.lines().filter(({ message }) => message === 'a file is read')).toHaveLength(requests);
});

/** The hostile events in the order in which they were announced. */
const hostileRow = (name: keyof typeof hostile): Row => {
  const rows = insights.rows('AppEvents').filter(({ Name }) => Name === 'late.hostile');
  expect(rows).toHaveLength(Object.keys(hostile).length);
  return rows[Object.keys(hostile).indexOf(name)] as Row;
};
const properties = (name: keyof typeof hostile) => {
  const { correlationId, ...own } = Object(hostileRow(name).Properties);
  return own;
};

test('a personal field is a keyed hash of its text, and the text is nowhere', () => {
  expect(properties('typical').person).toBe(hash('ann'));
  expect(properties('secret').person).toBe(hash('ann@x.test'));
  expect(properties('long').person).toBe(hash(long));
  expect(properties('control').person).toBe(hash(control));
  expect(JSON.stringify([insights.rows('AppEvents'), service.lines()])).not.toMatch(/\bann\b/);
});

test('a long text is cut, and control characters stay data', () => {
  expect(properties('long').text).toBe(long.slice(0, 8_192));
  expect(hostileRow('long').Measurements).toEqual({ n: 1e308 });
  expect(properties('control').text).toBe(control);
});

test('an object, a list and a number that is none are left out, and the event is not', () => {
  expect(properties('nested')).toEqual({});
  expect(hostileRow('nested').Measurements).toEqual({});
  expect(hostileRow('inherited').Measurements).toEqual({});
});

test('secrets are hidden by the name of the field and by their shape', () => {
  expect(JSON.stringify(insights.rows('AppEvents'))).not.toContain('HIDDEN');
  expect(properties('secret')).toMatchObject({ apiKey: 'REDACTED', text: expect.stringContaining('REDACTED') });
});

test('names of prototypes are ordinary fields: nothing is inherited, and nothing can be forged', () => {
  expect(properties('prototype')).toEqual({ text: 'prototype', constructor: 'own' });
  expect(properties('inherited')).toEqual({ text: 'inherited' });
  expect(properties('undeclared')).toEqual({ text: 'undeclared' });
  expect(Object(hostileRow('undeclared').Properties).correlationId).toMatch(/^[\da-f]{32}$/);
});

test('an event whose values cannot be read is said and left out, and the request is answered', () => {
  const said = service.lines().filter(({ message }) => message === 'an event was not recorded');
  expect(said).toMatchObject([{ severity: 'warning', event: 'late.hostile' }]);
});

test('the bytes that the page of signals tells of a typical row are those of a row that arrived', () => {
  const row = hostileRow('typical');
  const length = (value: unknown) => Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
  const arrived = Object.values(row).reduce<number>((sum, value) => sum + length(value), 0);
  const fields = { text: 'string', person: 'personal', constructor: 'string', n: 'number' } as const;
  const told = rowBytes({ name: 'late.hostile', when: '', fields });
  expect(Math.abs(told - arrived) / arrived).toBeLessThan(0.1);
});
