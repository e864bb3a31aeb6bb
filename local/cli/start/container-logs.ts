import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import type { Row, TableName } from '../../application-insights/index.ts';
import type { Ending } from './service-process.ts';

export type OutputStream = 'stdout' | 'stderr';

/** The service as the container of an app: what it writes and what becomes of it, told as Container Apps tells it. */
export interface ContainerLogs {
  /** A process was started: another revision, because it runs other files or another level. */
  started(app: string): void;
  output(chunk: Buffer, stream: OutputStream): void;
  /** `asked`: because we told it to. */
  ended(ending: Ending, asked: boolean): void;
}

const exitCode = /^exit code (\d+)$/;
const signal = /^signal (\w+)$/;

/** `keep` takes the rows, one at a time. */
export function createContainerLogs(keep: (row: Row) => void, now: () => Date = () => new Date()): ContainerLogs {
  let revisions = 0;
  let container = describeContainer('service', 0);
  const rest = { stdout: lineReader(), stderr: lineReader() };

  const put = (Type: TableName, fields: Record<string, unknown>) => {
    keep({ TimeGenerated: now().toISOString(), Type, ...container, ...fields });
  };
  const tell = (Reason: string, Log: string) => {
    const { ContainerGroupName: ReplicaName } = container;
    put('ContainerAppSystemLogs', { Reason, Log, ReplicaName, EventSource: 'ContainerAppController', Count: 1 });
  };
  const write = (lines: readonly string[], Stream: OutputStream) => {
    for (const Log of lines) put('ContainerAppConsoleLogs', { Log, Stream });
  };

  return {
    started(app) {
      revisions += 1;
      container = describeContainer(app, revisions);
      if (revisions > 1) tell('RevisionUpdate', `Updating revision : ${container.RevisionName}`);
      tell('ContainerStarted', `Started container '${app}'`);
    },
    output(chunk, stream) {
      write(rest[stream].read(chunk), stream);
    },
    ended(ending, asked) {
      for (const stream of ['stdout', 'stderr'] as const) write(rest[stream].end(), stream);
      const reason = asked ? 'ManuallyStopped' : 'ProcessExited';
      const { ContainerName } = container;
      tell(
        'ContainerTerminated',
        `Container '${ContainerName}' was terminated with exit code '${codeOf(ending)}' and reason '${reason}'`,
      );
    },
  };
}

const describeContainer = (app: string, revision: number) => ({
  ContainerAppName: app,
  ContainerName: app,
  RevisionName: `${app}--${String(revision).padStart(7, '0')}`,
  ContainerGroupName: `${app}--${String(revision).padStart(7, '0')}-local`,
  EnvironmentName: 'local',
  Location: 'local',
});

/** As a shell counts: a process that a signal ended has 128 and the signal's number. Empty for one that never began. */
function codeOf(ending: Ending): string {
  const name = signal.exec(ending)?.[1] as NodeJS.Signals | undefined;
  return name ? String(128 + constants.signals[name]) : (exitCode.exec(ending)?.[1] ?? '');
}

/** Whole lines without their end; what is left of one comes with the next chunk. */
function lineReader() {
  let decoder = new StringDecoder('utf8');
  let left = '';
  const filled = (lines: readonly string[]) => lines.filter((line) => line.trim() !== '');
  return {
    read(chunk: Buffer): string[] {
      const lines = `${left}${decoder.write(chunk)}`.split(/\r?\n/);
      left = lines.pop() ?? '';
      return filled(lines);
    },
    end(): string[] {
      const last = `${left}${decoder.end()}`;
      left = '';
      decoder = new StringDecoder('utf8');
      return filled([last]);
    },
  };
}
