import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { codePicture } from '../../tools/generate/code-picture.ts';
import { deployedPicture } from '../../tools/generate/deployed-picture.ts';
import { root } from '../docs/pages.ts';

const orders = {
  name: 'orders',
  routes: () => {},
  sends: ['orders', 'order-events'],
  handlers: { orders: () => {}, 'order-events/audit': () => {} },
};
const modules = ['application-insights', 'basic-alerts'];

test('a business stands between its callers, its queues and topics, and the systems that it calls', () => {
  expect(deployedPicture({ businesses: [orders], modules, operator: true })).toEqual([
    'flowchart LR',
    '  callers(["Callers"])',
    '  subgraph service ["The service: one container app, or one for each role"]',
    '    business_orders["orders<br/>api, worker"]',
    '  end',
    '  subgraph bus ["Service Bus"]',
    '    entity_order_events[("order-events")]',
    '    entity_orders[("orders")]',
    '  end',
    '  callers -->|HTTP| business_orders',
    '  business_orders -->|sends| entity_orders',
    '  business_orders -->|sends| entity_order_events',
    '  entity_orders -->|delivers| business_orders',
    '  entity_order_events -->|audit| business_orders',
    '  business_orders --> called',
    '  called["The systems that the businesses call"]',
    '  service -->|telemetry| insights["Application Insights"]',
    '  insights --> workspace[("Log Analytics workspace")]',
    '  workspace --> rules["Alert rules"] -->|mail| people',
    '  bus -->|metrics| rules',
    '  people(["People on call"])',
    '  people -->|npm run dead-letters| bus',
  ]);
});

test('what is not there is not drawn: no queue, no handler, no module, no operator', () => {
  const drawn = deployedPicture({ businesses: [{ name: 'quotes', routes: () => {} }], modules: [], operator: false });
  expect(drawn.join('\n')).not.toMatch(/subgraph bus|entity_|called|insights|people/);
  expect(drawn).toContain('  callers -->|HTTP| business_quotes');
  expect(deployedPicture({ businesses: [], modules: [], operator: false })).not.toContain('  callers(["Callers"])');
});

test('every name of an arrow is drawn as a node', () => {
  const lines = deployedPicture({ businesses: [orders], modules: [...modules, 'otlp', 'dashboards'], operator: true });
  const drawn = lines.flatMap((line) => [...line.matchAll(/(\w+)(?: ?\[|\()/g)].map(([, id]) => id));
  const named = lines.filter((line) => line.includes('->')).flatMap((line) => line.match(/(?<=^ +|> |\| )\w+/g) ?? []);
  expect(named.filter((name) => !drawn.includes(name))).toEqual([]);
});

/** The code picture of a project with these files. */
function pictureOf(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return codePicture(folder).filter((line) => line.includes('-->'));
}

test('an arrow is an import of one room from another, also later, also over lines and of types', () => {
  const files = {
    'src/main.ts': "import { a } from './platform/host.ts';\nawait import('./business/index.ts');\n",
    'src/platform/host.ts': "import type {\n  A,\n} from '../config/settings.ts';\nimport './own.ts';\n",
    'src/platform/host.test.ts': "import { a } from '../business/index.ts';\n",
    'src/business/index.ts': "import express from 'express';\nexport { b } from '../platform/host.ts';\n",
  };
  expect(pictureOf(files)).toEqual([
    '  business --> platform',
    '  entry --> business',
    '  entry --> platform',
    '  platform --> config',
  ]);
});

test('the rooms of this project are those that the import rules know: config is a leaf, and src needs neither part', () => {
  const arrows = codePicture(root).filter((line) => line.includes('-->'));
  expect(arrows.length).toBeGreaterThan(10);
  expect(
    arrows.filter((line) => /^ {2}config |> (operator|local)$|^ {2}platform --> (business|modules)/.test(line)),
  ).toEqual([]);
});
