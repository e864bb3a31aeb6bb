import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runDoctor } from '../../doctor/run-doctor.ts';

/** A checkout with nothing wrong: its files by their paths, as JSON unless they are text. */
const sound: Readonly<Record<string, unknown>> = {
  'observability.json': { level: 1 },
  'infra/queues.json': { queues: { parcels: { lockDuration: 'PT1M' } } },
  'node_modules/.package-lock.json': packages(),
};

/** The packages that npm wrote down, with other versions or further copies. */
export function packages(changed: Readonly<Record<string, string>> = {}) {
  const installed = {
    'node_modules/@opentelemetry/api': '1.9.1',
    'node_modules/@azure/monitor-opentelemetry-exporter': '1.0.0-beta.47',
    ...changed,
  };
  const entries = Object.entries(installed).map(([folder, version]) => [folder, { version }]);
  return { packages: Object.fromEntries(entries) };
}

interface Given {
  files?: Readonly<Record<string, unknown>>;
  env?: Readonly<Record<string, string>>;
  nodeVersion?: string;
  argv?: readonly string[];
}

interface Report {
  findings: { code: string; what: string; why: string; todo: string }[];
  notChecked: { code: string; reason: string }[];
}

/** Runs the doctor in a checkout of the test, where a business handles `parcels` and nothing runs. */
export async function examine({ files = {}, env = {}, nodeVersion = '24.0.0', argv = ['--json'] }: Given = {}) {
  const root = mkdtempSync(join(tmpdir(), 'doctor é '));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries({ ...sound, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const printed: string[] = [];
  const told: string[] = [];
  const code = await runDoctor(argv, {
    ...{ root, env, nodeVersion },
    businesses: [{ name: 'parcels', handlers: { parcels: () => {} } }],
    terminal: { print: async (line) => void printed.push(line), tell: (line) => void told.push(line), count: () => {} },
  });
  const report: Report | undefined = argv.includes('--json') ? JSON.parse(printed.join('\n')) : undefined;
  return { code, printed, told, report, codes: report?.findings.map((finding) => finding.code) };
}
