import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  type ApplicationInsights,
  type Row,
  startApplicationInsights,
  workspaceFunctions,
} from '../application-insights/index.ts';
import type { LocalBusiness } from '../business/local-business.ts';
import { startControl } from '../control/index.ts';
import { type Destination, startDestination } from '../destination/index.ts';
import { createEngine } from '../kql/index.ts';
import { startPlatformMetrics } from '../platform-metrics/index.ts';
import { type ServiceBus, startServiceBus } from '../service-bus/index.ts';
import type { ApiAnswer, ApiProblem } from './api/contract.ts';
import type { DashboardParts } from './dashboard-parts.ts';
import { type ControlledService, startDashboard } from './index.ts';

export const token = 'the token of this test';

export interface TestedDashboard {
  url: string;
  /** The folder of the page's files. */
  page: string;
  telemetry: ApplicationInsights;
  serviceBus: ServiceBus;
  destination: Destination;
  /** Of the service: a test may change them. */
  facts: TestedFacts;
  /** What the page asked of the service. */
  switched: (number | undefined)[];
  add(...rows: object[]): Promise<void>;
  get<T>(path: string): Promise<ApiAnswer<T>>;
  /** Anything, with the headers of a caller of its own; fetch sets Host and Origin as it likes. */
  ask(method: string, path: string, options?: Asked): Promise<{ status: number; text: string; headers: Headers }>;
  send<T>(method: string, path: string, body: unknown): Promise<{ status: number; body: ApiAnswer<T> & ApiProblem }>;
  stop(): Promise<void>;
}

type TestedFacts = ReturnType<ControlledService['facts']>;

const document = `<!doctype html><head>
    <!-- head -->
    <link rel="stylesheet" href="/assets/npm/uplot/dist/uPlot.min.css">
    <link rel="stylesheet" href="/assets/page/early.css">
    <link rel="stylesheet" href="/assets/page/late.css">
    <link rel="modulepreload" href="/assets/page/early-part.ts">
    <script type="module" src="/assets/page/main.ts"></script>
</head>`;

interface Asked {
  headers?: Record<string, string>;
  body?: unknown;
}

/** The page's server on real stand-ins: a broker with queues `parcels` and topic `news`, tables in memory, two destinations. */
export async function testedDashboard({
  root,
  businesses = [],
  service = 'http://127.0.0.1:9',
  level = 2,
  runFile,
  alerts,
  pageFiles,
}: {
  /** The checkout; an empty folder when left out. */
  root?: string;
  businesses?: readonly LocalBusiness[];
  service?: string;
  level?: number;
  runFile?: string;
  alerts?: DashboardParts['alerts'];
  /** The folder of the page's files; made-up ones when left out. */
  pageFiles?: string;
} = {}): Promise<TestedDashboard> {
  const page = await mkdtemp(join(tmpdir(), 'page é '));
  await writeFile(join(page, 'index.html'), document);
  await writeFile(join(page, 'early.css'), 'a { color: red; }');
  await writeFile(join(page, 'late.css'), 'a { color: green; }');
  await writeFile(
    join(page, 'main.ts'),
    "import type { A } from './a.ts';\nexport const n: number = 1;\nimport { part } from './early-part.ts';\nexport const whole = part;\n",
  );
  await writeFile(join(page, 'early-part.ts'), "export const part = 'once';\n");
  await writeFile(join(page, 'main.test.ts'), 'secret');
  const [telemetry, serviceBus, destination] = await Promise.all([
    startApplicationInsights(),
    startServiceBus({ entities: { queues: { parcels: {} }, topics: { news: { subscriptions: { audit: {} } } } } }),
    startDestination({ destinations: { north: {}, south: {} } }),
  ]);
  const kql = createEngine({ tables: telemetry.workspace, functions: workspaceFunctions() });
  const platformMetrics = startPlatformMetrics({ serviceBus });
  const switched: (number | undefined)[] = [];
  const facts: TestedFacts = { name: 'tested', service, level, state: 'ready', fileLevel: 1, switchedTo: undefined };
  const controlled: ControlledService = {
    facts: () => facts,
    switchTo: (wanted) => void switched.push(wanted),
    runFile: () => runFile,
  };
  const switches = { destination, ingestion: telemetry, 'service-bus': serviceBus };
  const ledger = (key: string) => ['north', 'south'].flatMap((name) => destination.ledger.get(key, name) ?? []);
  const dashboard = startDashboard({
    ...{ root: root ?? page, token, service: controlled, kql, telemetry, serviceBus, platformMetrics },
    ...{ businesses, switches, ledger, page: pageFiles ?? page, ...(alerts && { alerts }) },
  });
  const standIns = { switches, workspace: telemetry.workspace, kql, story: async () => [], ledger };
  const control = await startControl({ token, standIns, page: dashboard.handle });

  const ask: TestedDashboard['ask'] = (method, path, { headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      request(new URL(path, control.url), { method, headers, agent: false }, async (answer) =>
        resolve({
          status: answer.statusCode ?? 0,
          text: await text(answer),
          headers: new Headers(answer.headers as Record<string, string>),
        }),
      )
        .once('error', reject)
        .end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    ...{ url: control.url, page, telemetry, serviceBus, destination, switched, facts, ask },
    add: (...rows) => telemetry.add(rows as Row[]),
    async get(path) {
      const answer = await ask('GET', path);
      if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}: ${answer.text}`);
      return JSON.parse(answer.text);
    },
    async send(method, path, body) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const answer = await ask(method, path, { headers, body });
      return { status: answer.status, body: JSON.parse(answer.text) };
    },
    async stop() {
      dashboard.stop();
      kql.close();
      await Promise.all([control, telemetry, serviceBus, destination, platformMetrics].map((part) => part.stop()));
      await rm(page, { recursive: true, force: true });
    },
  };
}
