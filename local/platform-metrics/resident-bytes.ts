import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const kilobytes = /^VmRSS:\s+(\d+) kB$/m;
const PATIENCE_MS = 1_000;

/** What a process holds in memory; undefined when it is gone, or on a system that does not tell it (Windows). */
export function residentBytes(pid: number): number | undefined {
  try {
    const text = process.platform === 'linux' ? ofLinux(pid) : ofPs(pid);
    return text === undefined || text === '' ? undefined : Number(text) * 1_024;
  } catch {
    return undefined;
  }
}

const peakKilobytes = /^VmHWM:\s+(\d+) kB$/m;

/** The most that a process has ever held in memory; undefined when it is gone, or on any system but Linux. */
export function peakResidentBytes(pid: number): number | undefined {
  try {
    const text = peakKilobytes.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return text === undefined ? undefined : Number(text) * 1_024;
  } catch {
    return undefined;
  }
}

const ofLinux = (pid: number): string | undefined => kilobytes.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

const ofPs = (pid: number): string =>
  execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8', timeout: PATIENCE_MS }).trim();
