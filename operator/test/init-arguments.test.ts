import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandRefused } from '../command-refused.ts';
import { checkWords, readName, renamed, renamedPath } from '../init/business-name.ts';
import { readInitArguments, readNewArguments } from '../init/init-arguments.ts';
import { onlyWith } from '../init/parts.ts';

const partsOf = (...options: string[]) => [...readInitArguments(['orders', ...options]).parts];

test('without --api and --worker a business has both, and a topic when it is asked for', () => {
  expect(partsOf()).toEqual(['api', 'worker']);
  expect(partsOf('--topic')).toEqual(['api', 'worker', 'topic']);
  expect(partsOf('--api')).toEqual(['api']);
  expect(partsOf('--worker', '--topic')).toEqual(['worker', 'topic']);
  expect(readInitArguments(['orders'])).toMatchObject({ keepSample: false, force: false, json: false });
  expect(readNewArguments(['business', 'orders', '--json'])).toMatchObject({ keepSample: true, json: true });
});

test('what is to be deleted is told as npm run delete takes it, and without it nothing is', () => {
  expect(readInitArguments(['orders', '--up-to', '2', '--without', 'local', '--without', 'operator'])).toMatchObject({
    upTo: 2,
    level: undefined,
    deleted: ['--up-to', '2', 'local', 'operator'],
  });
  expect(readInitArguments(['orders', '--level', '3'])).toMatchObject({ level: 3, upTo: undefined, deleted: [] });
});

test.each([
  [[], 'npm run init -- orders'],
  [['orders', 'invoices'], 'npm run init -- orders'],
  [['Orders'], '"Orders" is no name here'],
  [['../orders'], 'is no name here'],
  [['class'], '"class" is a word of JavaScript'],
  [['news'], '"new" is a word of JavaScript'],
  [['orders', '--queue'], "Unknown option '--queue'"],
  [['orders', '--level', '7'], '"7" is no level: give 1, 2, 3, 4, 5.'],
  [['orders', '--up-to', 'two'], '"two" is no level'],
  [['orders', '--without', 'src'], '--without takes local or operator, not "src"'],
  [['orders', '--level', '2', '--answers', 'answers.json'], '--answers chooses the level'],
])('init with %j is refused with a sentence', (argv, says) => {
  expect(() => readInitArguments(argv)).toThrow(CommandRefused);
  expect(() => readInitArguments(argv)).toThrow(says);
});

test.each([[['orders']], [['business']], [['module', 'orders']], [['business', 'orders', '--keep-sample']]])(
  'new with %j is refused',
  (argv) => {
    expect(() => readNewArguments(argv)).toThrow(CommandRefused);
  },
);

test.each([
  ['orders', 'order'],
  ['deliveries', 'delivery'],
  ['boxes', 'box'],
  ['purchase-orders', 'purchase-order'],
  ['billing', 'billing'],
  ['status', 'status'],
  ['addresses', 'address'],
])('one of %s is %s', (plural, singular) => {
  expect(readName(plural)).toEqual({ plural, singular });
});

test('a name is an identifier in code, has hyphens in texts and paths, and is in capitals in variables', () => {
  const template = `import { acceptOrder } from './accept-order.ts';
const orders = createOrders('orders', \`/orders/\${order.orderId}\`);
settings.ORDERS_URL; // 'order accepted'`;
  expect(
    renamed(template, readName('purchase-orders')),
  ).toBe(`import { acceptPurchaseOrder } from './accept-purchase-order.ts';
const purchaseOrders = createPurchaseOrders('purchase-orders', \`/purchase-orders/\${purchaseOrder.purchaseOrderId}\`);
settings.PURCHASE_ORDERS_URL; // 'purchase-order accepted'`);
  expect(renamedPath('src/business/orders/accept-order.ts', readName('deliveries'))).toBe(
    'src/business/deliveries/accept-delivery.ts',
  );
});

test('a name that the templates use for something else is refused, and those of texts and comments are free', () => {
  const templates = ["// the label\nconst request = 'parcel'; const orders = 1;"];
  for (const taken of ['request', 'requests', 'const']) expect(() => check(taken)).toThrow(CommandRefused);
  for (const free of ['orders', 'labels', 'parcels']) expect(() => check(free)).not.toThrow();

  function check(name: string) {
    checkWords(readName(name), templates);
  }
});

test('lines for some parts stay with these parts alone', () => {
  const template = `a
// only with: api and worker or topic
b
  // only with: no api
  c
  // end
// end
<!-- only with: topic -->
d`;
  expect(onlyWith(template, new Set(['api']))).toBe('a');
  expect(onlyWith(template, new Set(['worker']))).toBe('a');
  expect(onlyWith(template, new Set(['api', 'worker']))).toBe('a\nb');
  expect(onlyWith(template, new Set(['topic']))).toBe('a\nb\n  c\nd');
});

test('each file of a business but its index has the name of the business, so that two of them never have one name', () => {
  const templates = join(import.meta.dirname, '..', 'init', 'templates');
  const names = globSync('{src,local}/business/orders/**/*.ts', { cwd: templates }).map((path) => basename(path));
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => name !== 'index.ts' && !/\border(s|\b)/.test(name))).toEqual([]);
});
