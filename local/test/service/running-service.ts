import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SecurityLogs } from '../../application-insights/index.ts';
import type { StandIns } from './stand-ins.ts';

const root = resolve(import.meta.dirname, '../../..');
const inherited = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'LANG'];
/** The SDK's remote settings are asked for over HTTPS: they meet a closed door. */
const noWayOut = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1,localhost,::1' };

export type LogLine = { message: string; severity: string } & Readonly<Record<string, unknown>>;

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface LaunchedService {
  readonly child: ChildProcess;
  /** Resolves with its address when it listens. Rejects, with everything it said, when it ends before that. */
  readonly ready: Promise<string>;
  /** Resolves when it has ended and has said its last. */
  readonly ended: Promise<Ending>;
  /** Standard output, a parsed line each; with `message` those with this text. */
  lines(message?: string): LogLine[];
  /** Standard output and standard error. */
  output(): string;
  /** Asks it to end, as a platform does. */
  stop(): Promise<Ending>;
  /** Ends it without a word. */
  kill(): Promise<Ending>;
}

export interface RunningService extends LaunchedService {
  readonly url: string;
}

export interface ServiceOptions {
  /** `observability.json`; all lines on standard output, unless it says otherwise. */
  config?: object;
  /** Beside or instead of what the stand-ins need; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Files loaded before telemetry. */
  preload?: readonly string[];
  /** Another project than this one, whose service is started. */
  checkout?: string;
  cwd?: string;
  /** Gets what it sends over the channel that it ends with. */
  spoke?(message: unknown): void;
}

type Surroundings = Pick<StandIns, 'serviceBus' | 'insights' | 'destination' | 'business'>;

const launched = new Set<LaunchedService>();

/** For `afterAll`: ends every service of the file that still runs. */
export async function endServices(): Promise<void> {
  await Promise.all([...launched].map((service) => service.kill()));
}

/** Starts the service as in production, against stand-ins in this process, and does not wait for it. */
export function launchService(
  { serviceBus, insights, destination, business }: Surroundings,
  { config = {}, env = {}, preload = [], checkout = root, cwd = checkout, spoke = () => {} }: ServiceOptions = {},
): LaunchedService {
  // Of its own: a service sends what an earlier one has left undelivered.
  const stateDir = mkdtempSync(join(tmpdir(), 'service '));
  const variables = {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    ...noWayOut,
    LISTEN_HOST: '127.0.0.1',
    PORT: '0',
    OBSERVABILITY_CONFIG: JSON.stringify({ level: 1, logs: { console: 'all' }, ...config }),
    SERVICEBUS_CONNECTION_STRING: serviceBus.connectionString,
    SERVICEBUS_ADMIN_URL: serviceBus.adminUrl,
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.connectionString,
    ...business.variables?.({ destination: destination.url }),
    APPLICATION_INSIGHTS_NO_STATSBEAT: '1',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_BLRP_SCHEDULE_DELAY: '100',
    SHUTDOWN_GRACE_MS: '5000',
    STATE_DIR: stateDir,
    ...securityVariables(insights.securityLogs, stateDir),
    ...env,
  };
  const imports = [...business.preload, ...preload, resolve(checkout, 'src/preload.ts')].flatMap((file) => [
    '--import',
    pathToFileURL(file).href,
  ]);
  const child = spawn(process.execPath, [...imports, resolve(checkout, 'src/main.ts')], {
    cwd,
    env: variables,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said: string[] = [];
  let unfinished = '';
  let standardError = '';
  const listening = Promise.withResolvers<string>();
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    said.push(...lines);
    const port = lines.some((line) => line.includes('"listening"')) && service.lines('listening')[0]?.port;
    if (port) listening.resolve(`http://127.0.0.1:${port}`);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    standardError += text;
  });
  child.on('message', spoke);
  const output = () => [...said, unfinished, standardError].join('\n');
  const ended = whenEnded(child).then((ending) => {
    launched.delete(service);
    rmSync(stateDir, { recursive: true, force: true });
    listening.reject(new Error(`The service ended with ${ending.code ?? ending.signal}:\n${output()}`));
    return ending;
  });
  listening.promise.catch(() => {}); // a test that is about the end does not wait for the beginning

  const service: LaunchedService = {
    child,
    ready: listening.promise,
    ended,
    lines(message) {
      const parsed = said.map((line): LogLine => JSON.parse(line));
      return message === undefined ? parsed : parsed.filter((line) => line.message === message);
    },
    output,
    stop() {
      if (process.platform === 'win32') child.disconnect();
      else child.kill('SIGTERM');
      return ended;
    },
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
  launched.add(service);
  return service;
}

function securityVariables(logs: SecurityLogs | undefined, folder: string): Record<string, string> {
  if (!logs) return {};
  const file = join(folder, 'trusted.pem');
  writeFileSync(file, logs.certificate);
  return { SECURITY_LOGS_ENDPOINT: logs.endpoint, SECURITY_LOGS_RULE: logs.rule, NODE_EXTRA_CA_CERTS: file };
}

/** Not `close`: it does not come after the channel has been closed from this end. */
async function whenEnded(child: ChildProcess): Promise<Ending> {
  const streams = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'end'));
  const [code, signal] = await once(child, 'exit');
  await Promise.all(streams);
  return { code, signal };
}

/** Starts the service and waits until it listens. */
export async function startService(...args: Parameters<typeof launchService>): Promise<RunningService> {
  const service = launchService(...args);
  return { ...service, url: await service.ready };
}
