import { statSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type TestContext, test } from 'vitest';
import { message, track } from '../../application-insights/envelopes.fixture.ts';
import type { ApiAnswer, LevelList } from '../../dashboard/api/contract.ts';
import { findRun } from '../../run-file/index.ts';
import { fault } from '../fault.ts';
import { runInProcess } from '../run-command.fixture.ts';
import { send } from '../send/carry-out-send.ts';
import {
  allGone,
  behave,
  isAlive,
  makeCheckout,
  removeCheckout,
  run,
  runOf,
  type Started,
  servicesOf,
  startCommand,
} from './checkout.fixture.ts';

type Context = Pick<TestContext, 'onTestFinished'>;

async function checkout({ onTestFinished }: Context, behaviour?: string): Promise<string> {
  const root = await makeCheckout(behaviour);
  onTestFinished(() => removeCheckout(root));
  return root;
}

/** Starts it and makes sure that nothing is left, whatever the test finds. */
function start({ onTestFinished }: Context, command: readonly string[], options?: Parameters<typeof run>[1]): Started {
  const started = run(command, options);
  onTestFinished(async () => {
    if (started.child.exitCode === null && started.child.signalCode === null) {
      started.child.kill('SIGKILL');
      await started.exit();
    }
    for (const pid of servicesOf(started.output())) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return started;
}

const rowsOf = async (dashboard: string, table: string): Promise<string> =>
  (await fetch(new URL(`/api/rows/${table}`, dashboard))).text();

test.concurrent('it tells where everything is, gives the service its environment, and a stop leaves nothing', async (context) => {
  const { expect } = context;
  const root = await checkout(context);
  await writeFile(join(root, '.env'), 'OF_THE_FILE=yes\nPORT=99\nSERVICEBUS_NAMESPACE=b.example\n');
  const started = start(context, startCommand(root), {
    env: {
      ...process.env,
      NODE_OPTIONS: '--inspect=127.0.0.1:0 --no-warnings',
      NO_PROXY: 'corp.example',
      HTTP_PROXY: 'http://127.0.0.1:9',
      SERVICEBUS_NAMESPACE: 'a.example',
    },
  });
  await started.says('The service is ready at level 1');
  const local = await runOf(root);
  for (const address of [local.service, local.dashboard, local.serviceBus, local.serviceBusAdmin, local.ingestion]) {
    expect(started.output()).toContain(address);
  }
  expect(started.output()).not.toContain(local.token);
  expect(started.output()).toContain('"severity":"info","message":"listening","terminal":false}');
  expect(started.output()).toContain(
    '.env: PORT, SERVICEBUS_NAMESPACE ignored, because "npm start" decides it itself.',
  );
  expect(started.output().match(/Debugger listening/g)).toHaveLength(1); // for npm start alone
  const env = await (await fetch(`${local.service}/env`)).json();
  expect(env).not.toHaveProperty('SERVICEBUS_NAMESPACE');
  expect(env).toMatchObject({
    LISTEN_HOST: '127.0.0.1',
    PORT: new URL(local.service).port,
    SERVICEBUS_CONNECTION_STRING: local.serviceBus,
    SERVICEBUS_ADMIN_URL: local.serviceBusAdmin,
    APPLICATIONINSIGHTS_CONNECTION_STRING: expect.stringContaining(local.ingestion),
    APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
    PARCELS_DEPOT_URL: local.destination,
    SHUTDOWN_GRACE_MS: '5000',
    STATE_DIR: join(root, '.local', 'state'),
    OF_THE_FILE: 'yes',
    NODE_OPTIONS: '--no-warnings',
    NO_PROXY: 'corp.example,127.0.0.1,localhost,::1',
    no_proxy: 'corp.example,127.0.0.1,localhost,::1',
  });

  const second = start(context, startCommand(root));
  expect(await second.exit()).toEqual({ code: 0, signal: null });
  expect(second.output()).toContain(local.service);
  expect(second.output()).toContain(`running already, as process ${local.pid}`);

  started.child.kill('SIGTERM');
  expect(await started.exit()).toEqual({ code: 0, signal: null });
  expect(started.output().match(/told SIGTERM/g)).toHaveLength(1);
  await allGone(servicesOf(started.output()));
  expect(await findRun({ root })).toEqual({ kind: 'none' });
  expect((await readdir(root)).sort()).toEqual(['.env', '.local', 'infra', 'observability.json', 'src']);
});

test.concurrent('a killed start takes its service with it; the next one says what it found and has its rows', async (context) => {
  const { expect } = context;
  const root = await checkout(context);
  const first = start(context, startCommand(root));
  await first.says('is ready');
  const { pid, ingestion } = await runOf(root);
  expect(
    (await track(ingestion, JSON.stringify([{ ...message('before the end'), time: new Date().toISOString() }]))).status,
  ).toBe(200);
  first.child.kill('SIGKILL');
  await allGone(servicesOf(first.output()));

  const next = start(context, startCommand(root));
  await next.says('is ready');
  expect(next.output()).toContain(`was stale and was removed: process ${pid}, which wrote it, is gone`);
  expect(await rowsOf((await runOf(root)).dashboard, 'AppTraces')).toContain('before the end');
  next.child.kill('SIGINT');
  expect(await next.exit()).toEqual({ code: 0, signal: null });
});

test.concurrent('of two starts at the same moment one runs and the other tells where', async (context) => {
  const { expect } = context;
  const root = await checkout(context);
  const both = [start(context, startCommand(root)), start(context, startCommand(root))];
  const [one, other] = await Promise.race(
    both.map(async (each, index) => {
      await each.exit();
      return [both[1 - index], each] as [Started, Started];
    }),
  );
  expect(other.child.exitCode).toBe(0);
  await one.says('is ready');
  expect(other.output()).toContain(`running already, as process ${one.child.pid}`);
  one.child.kill('SIGTERM');
  expect(await one.exit()).toEqual({ code: 0, signal: null });
});

test.concurrent('when the process that started it goes, everything goes', async (context) => {
  const { expect } = context;
  const root = await checkout(context);
  const [command = '', ...args] = startCommand(root);
  const script = `require('node:child_process').spawn(${JSON.stringify(command)}, ${JSON.stringify(args)}, { stdio: 'inherit' })`;
  const npm = start(context, [process.execPath, '-e', script]);
  await npm.says('is ready');
  const { pid } = await runOf(root);
  npm.child.kill('SIGKILL');
  await npm.says('Stopping (the process that started it is gone)');
  await allGone([pid, ...servicesOf(npm.output())]);
  expect(await findRun({ root })).toEqual({ kind: 'none' });
});

test.concurrent('what is not as usual is told: taken ports, and a listed business that the service does not have', async (context) => {
  const { expect } = context;
  const root = await checkout(context);
  await mkdir(join(root, 'src', 'business'));
  await writeFile(join(root, 'src', 'business', 'index.ts'), "export const businesses = [{ name: 'orders' }];");
  const taken = await Promise.all([0, 1].map(() => takePort(context)));
  const [service = 0, dashboard = 0] = taken;
  const started = start(context, startCommand(root, { ports: { service, dashboard } }));
  await started.says('is ready');
  const local = await runOf(root);
  expect(started.output()).toContain(`Port ${service} is taken, so the service is on ${new URL(local.service).port}.`);
  expect(started.output()).toContain(
    `Port ${dashboard} is taken, so the dashboard is on ${new URL(local.dashboard).port}.`,
  );

  expect(started.output()).toContain('lists "parcels", which src/business/index.ts does not have: it is ignored here.');
  started.child.kill('SIGTERM');
  await started.exit();
});

async function takePort({ onTestFinished }: Context): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

test.concurrent('a service that cannot start is shown once, waited for, and started when its files change', async (context) => {
  const { expect } = context;
  const root = await checkout(context, 'fail');
  const started = start(context, startCommand(root));
  await started.says('The service did not start (exit code 1)');
  expect(started.output()).toContain('the rules are broken');
  expect(started.output()).toContain((await runOf(root)).service);

  await behave(root, 'serve');
  await started.says('is ready at level 1');
  expect(started.output().match(/the rules are broken/g)).toHaveLength(1);

  await writeFile(join(root, 'observability.json'), '{"level":3}');
  await started.says('is ready at level 3');
  expect(await runOf(root)).toMatchObject({ level: 3 });
  const { dashboard } = await runOf(root);
  expect(await (await fetch(`${dashboard}/api/run`)).json()).toMatchObject({ level: 3 });

  await writeFile(join(root, 'observability.json'), '{"level":');
  await started.says('The service goes on as it is.');
  await writeFile(join(root, 'infra', 'queues.json'), '{"queues":');
  await started.says('infra/queues.json cannot be used');
  await writeFile(join(root, 'infra', 'queues.json'), '{"queues":{"new-one":{}}}');
  await started.says('queue "new-one" is new');
  await started.says('is ready at level 3', 2);
  const { serviceBusAdmin } = await runOf(root);
  expect(await (await fetch(`${serviceBusAdmin}/queues/new-one`)).json()).toEqual({ totalMessageCount: 0 });
  expect(servicesOf(started.output())).toHaveLength(3);

  await fetch(`${(await runOf(root)).service}/crash`).catch(() => undefined);
  await started.says('The service ended by itself (exit code 3)');
  const services = servicesOf(started.output());
  await writeFile(join(root, 'src', 'deep', 'new.ts'), '');
  await started.says('is ready', 4);
  expect(servicesOf(started.output())).toHaveLength(services.length + 1);

  const ends = (await rowsOf(dashboard, 'ContainerAppSystemLogs')).match(/with exit code '\d+' and reason '\w+'/g);
  expect(ends?.map((end) => end.replaceAll(/with exit code |and reason |'/g, ''))).toEqual([
    '1 ProcessExited',
    '0 ManuallyStopped',
    '0 ManuallyStopped',
    '3 ProcessExited',
  ]);
  expect(await rowsOf(dashboard, 'ContainerAppConsoleLogs')).toMatch(/"Log":"the rules are broken".*"Stream":"stderr"/);

  started.child.kill('SIGTERM');
  expect(await started.exit()).toEqual({ code: 0, signal: null });
});

test.concurrent('without a queue and a topic it starts no Service Bus, and every command says so', async (context) => {
  const { expect } = context;
  const root = await checkout(context);
  await writeFile(join(root, 'infra', 'queues.json'), '{"queues":{},"topics":{}}');
  const other = 'Endpoint=sb://other.example;SharedAccessKeyName=k;SharedAccessKey=v';
  const env = { ...process.env, SERVICEBUS_CONNECTION_STRING: other };
  const started = start(context, startCommand(root), { env });
  await started.says('The service is ready at level 1');
  expect(started.output()).toMatch(/Service Bus +none +infra\/queues\.json names no queue and no topic/);
  const local = await runOf(root);
  expect(local).not.toHaveProperty('serviceBus');
  expect(local).not.toHaveProperty('serviceBusAdmin');
  const told = (await (await fetch(`${local.service}/env`)).json()) as object;
  expect(Object.keys(told).filter((name) => name.startsWith('SERVICEBUS'))).toEqual([]);

  const sentence = 'No Service Bus runs here, because infra/queues.json names no queue and no topic.';
  const file = join(root, '.local', 'run.json');
  const asked = await runInProcess(fault, ['service-bus', 'down', '--run', file]);
  expect(asked).toMatchObject({ code: 2, stderr: `${sentence}\n` });
  const states = await (await fetch(`${local.dashboard}/api/faults`)).json();
  expect(Object.keys(states as object)).toEqual(['destination', 'ingestion']);
  const follow = { queue: 'orders', idInAnswer: () => undefined };
  const wanted = { paths: [], sample: 1, seed: 1, timeoutMs: 1_000, concurrency: 1, json: true };
  await expect(send(wanted, { requests: () => [], follow }, local)).rejects.toThrow(sentence);

  await writeFile(join(root, 'infra', 'queues.json'), '{"queues":{"orders":{}},"topics":{}}');
  await started.says('no Service Bus runs yet: stop this and start it again.');
  expect(servicesOf(started.output())).toHaveLength(1);
});

test.concurrent('asked once more, it ends a service that will not end', async (context) => {
  const { expect } = context;
  const root = await checkout(context, 'stubborn');
  const started = start(context, startCommand(root));
  await started.says('is ready');
  started.child.kill('SIGINT');
  started.child.kill('SIGTERM'); // npm may pass on what the terminal has sent already
  await started.says('told SIGTERM');
  await setTimeout(1_100); // what makes a second wish of it is the time between
  expect(servicesOf(started.output()).filter(isAlive)).toHaveLength(1);
  started.child.kill('SIGINT');
  expect(await started.exit()).toEqual({ code: 0, signal: null });
  await allGone(servicesOf(started.output()));
});

test.concurrent('a checkout that cannot be written runs, and nothing is written into it', async (context) => {
  const { expect, skip } = context;
  skip(process.platform === 'win32', 'Windows has no modes that lock a folder');
  const asRoot = process.getuid?.() === 0;
  skip(
    asRoot && ![process.execPath, import.meta.filename].every(othersMayEnter),
    'root cannot be locked out, and nobody else may enter this checkout',
  );
  const root = await checkout(context);
  const temporary = await checkout(context);
  await chmod(temporary, 0o777);
  await chmod(root, 0o555);
  context.onTestFinished(() => chmod(root, 0o755));
  const env = { ...process.env, TMPDIR: temporary };
  // Nothing locks out root: then somebody else starts it.
  const started = start(context, startCommand(root), asRoot ? { uid: 65_534, env } : { env });
  await started.says('is ready');
  const [folder = ''] = (await readdir(temporary)).filter((name) => name.startsWith('azure-on-your-machine-'));
  const found = await findRun({ root, file: join(temporary, folder, 'run.json') });
  expect(found).toMatchObject({ kind: 'running', run: { pid: started.child.pid } });
  expect((await readdir(root)).sort()).toEqual(['infra', 'observability.json', 'src']);
  expect(started.output()).toContain('Telemetry is kept in memory and goes at the end');

  const second = start(context, startCommand(root), asRoot ? { uid: 65_534, env } : { env });
  await second.exit();
  expect(second.output()).toContain('running already');
  started.child.kill('SIGTERM');
  expect(await started.exit()).toEqual({ code: 0, signal: null });
});

/** Whether every folder on the way to a file lets strangers through. */
function othersMayEnter(path: string): boolean {
  const parent = dirname(path);
  return parent === path || ((statSync(parent).mode & 0o001) !== 0 && othersMayEnter(parent));
}

test.concurrent('the page switches the level of the run and back, is told of a level that does not start, and writes no file', async (context) => {
  const { expect } = context;
  const root = await checkout(context, 'fail at level 3');
  const started = start(context, startCommand(root));
  await started.says('The service is ready at level 1');
  const { dashboard, token, service } = await runOf(root);
  const switchTo = async (level: number | null) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${dashboard}/api/level`, { method: 'PUT', headers, body: JSON.stringify({ level }) });
    expect(answer.status).toBe(202);
  };
  const shown = async () => ((await (await fetch(`${dashboard}/api/levels`)).json()) as ApiAnswer<LevelList>).data;
  const levelOfService = async () =>
    ((await (await fetch(`${service}/env`)).json()) as NodeJS.ProcessEnv).OBSERVABILITY_LEVEL;

  await switchTo(2);
  await started.says('The service is ready at level 2');
  expect(await levelOfService()).toBe('2');
  expect(await shown()).toMatchObject({ run: { level: 2, state: 'ready' }, fileLevel: 1, switchedTo: 2 });
  expect(await runOf(root)).toMatchObject({ level: 2 });

  await switchTo(3);
  await started.says('The service did not start');
  expect(await shown()).toMatchObject({
    run: { level: 3, state: 'failed', error: 'observability.json cannot be used: slo.latencyMs is no whole number' },
  });

  await switchTo(null);
  await started.says('The service is ready at level 1', 2);
  expect(await levelOfService()).toBeUndefined();
  expect((await shown()).switchedTo).toBeUndefined();
  expect(await readFile(join(root, 'observability.json'), 'utf8')).toBe('{"level":1}');
});
