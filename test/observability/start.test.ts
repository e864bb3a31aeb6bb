import { expect, test, vi } from 'vitest';
import { createLogger } from '../../src/observability/logger.ts';
import type { Contribution, ModuleContext } from '../../src/observability/module.ts';
import type { RegisteredModule } from '../../src/observability/registry.ts';
import { startModules } from '../../src/observability/start-modules.ts';
import type { LogRecord } from '../../src/platform/log.ts';

const clock = { now: () => new Date(0) };
const entry = (name: string, setUp: (context: ModuleContext) => Contribution): RegisteredModule => ({
  manifest: { name, level: 1, answers: '', needs: [] },
  load: async () => ({ setUp }),
});

const start = (...registry: RegisteredModule[]) => startWith({}, ...registry);

function startWith(
  { settings = {}, roles = ['api'] }: { settings?: object; roles?: string[] },
  ...registry: RegisteredModule[]
) {
  const lines: LogRecord[] = [];
  const sink = entry('sink', () => ({ logSinks: [(record) => lines.push(record)] }));
  const all = [...registry, sink];
  const context = {
    level: 1,
    active: all.filter(({ manifest }) => manifest.name !== 'off').map(({ manifest }) => manifest.name),
    service: { name: 's', version: '1', instance: 'i', roles },
    settings,
    clock,
    credential: undefined,
  } as unknown as Omit<ModuleContext, 'section' | 'log'>;
  const started = startModules({
    registry: all,
    sections: { own: 'section of its own' },
    context,
    logger: createLogger({ minimum: 'info', clock }),
  });
  return { started, lines };
}

test('a module that is off is not even loaded', async () => {
  const load = vi.fn();
  const { started } = start({ ...entry('off', () => ({})), load });
  await started;
  expect(load).not.toHaveBeenCalled();
});

test('a module gets its own section, and telemetry the options of all', async () => {
  const telemetry = vi.fn();
  const withSection = entry('a', ({ section }) => {
    expect(section).toBe('section of its own');
    return { azureMonitor: { samplingRatio: 1 }, telemetry };
  });
  withSection.manifest = { ...withSection.manifest, section: { key: 'own', schema: undefined as never } };
  const { started } = start(
    withSection,
    entry('b', () => ({ azureMonitor: { enableLiveMetrics: false } })),
  );
  await started;
  expect(telemetry).toHaveBeenCalledExactlyOnceWith({ samplingRatio: 1, enableLiveMetrics: false }, undefined);
});

test('a module that fails to set up is reported by name and left out, and the others serve', async () => {
  const { started, lines } = start(
    entry('broken', () => {
      throw new Error('no luck');
    }),
    entry('sound', () => ({ healthChecks: [{ name: 'c', needed: false, check: async () => ({ ok: true }) }] })),
  );
  const modules = await started;
  expect(modules.healthChecks).toHaveLength(1);
  expect(lines[0]).toMatchObject({ severity: 'error', fields: { module: 'broken' }, error: { message: 'no luck' } });
});

test('telemetry that fails to start is reported and the service goes on', async () => {
  const { started, lines } = start(entry('t', () => ({ telemetry: () => Promise.reject(new Error('no endpoint')) })));
  await started;
  expect(lines[0]).toMatchObject({ message: 'telemetry failed to start', fields: { module: 't' } });
});

test('telemetry gets the SDK that a module brings, and two modules with one stop the start', async () => {
  const telemetry = vi.fn();
  const startSdk = async () => async () => {};
  const brings = (name: string) => entry(name, () => ({ startSdk }));
  await start(
    entry('a', () => ({ telemetry })),
    brings('b'),
  ).started;
  expect(telemetry).toHaveBeenCalledExactlyOnceWith({}, startSdk);
  await expect(start(brings('b'), brings('c')).started).rejects.toThrow('b and c both set startSdk');
});

test('two modules that contradict each other stop the start', async () => {
  const option = () => ({ azureMonitor: { samplingRatio: 1 } });
  await expect(start(entry('a', option), entry('b', option)).started).rejects.toThrow(/a and b both set/);
});

const required = { tokens: { issuer: 'https://login.example.com', audience: 'api', roles: [] } };
const verifier = async () => ({ client: 'c', object: undefined });

test('the verifier of a module is handed on, and two modules that check tokens stop the start', async () => {
  const checks = (name: string) => entry(name, () => ({ tokens: verifier }));
  expect((await start(checks('a')).started).tokens).toBe(verifier);
  await expect(start(checks('a'), checks('b')).started).rejects.toThrow(
    'The modules a and b both set tokens: only one may.',
  );
});

test('where tokens are required and the module that checks them fails, the service does not start', async () => {
  const broken = entry('broken', () => {
    throw new Error('no luck');
  });
  const { started, lines } = startWith({ settings: required }, broken);
  await expect(started).rejects.toThrow('switch on bearer-tokens');
  expect(lines[0]).toMatchObject({ fields: { module: 'broken' } });
});

test('a command has no callers and needs no verifier', async () => {
  const { started } = startWith({ settings: required, roles: [] });
  expect((await started).tokens).toBeUndefined();
});

test('modules start in order and stop in reverse, and a failing one does not keep the others from it', async () => {
  const order: string[] = [];
  const recorded = (name: string) =>
    entry(name, () => ({
      start: () => {
        order.push(`start ${name}`);
        if (name === 'b') throw new Error(name);
      },
      stop: async () => {
        order.push(`stop ${name}`);
        if (name === 'b') throw new Error(name);
      },
    }));
  const { started, lines } = start(recorded('a'), recorded('b'), recorded('c'));
  const modules = await started;
  await modules.start({} as never);
  await modules.stop(AbortSignal.timeout(1000));
  expect(order).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  expect(lines.map(({ message }) => message)).toEqual(['a module failed to start', 'a module failed to stop']);
});
