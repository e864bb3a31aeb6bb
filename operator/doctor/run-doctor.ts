import { businesses as allBusinesses } from '../../src/business/index.ts';
import { CommandRefused, exitCodes } from '../command-refused.ts';
import { row, type Terminal } from '../terminal.ts';
import { checks } from './checks.ts';
import type { DoctorContext, Found } from './doctor-check.ts';
import { findTarget, readArguments } from './find-target.ts';
import { readConfiguration } from './read-checkout.ts';
import { readPage } from './read-page.ts';

type Replaceable = Pick<DoctorContext, 'businesses' | 'nodeVersion' | 'patienceMs'>;
type DoctorOptions = Pick<DoctorContext, 'root' | 'env'> & Partial<Replaceable> & { terminal: Terminal };

const defaults: Replaceable = { businesses: allBusinesses, nodeVersion: process.versions.node, patienceMs: 15_000 };
const widths = [11, 28] as const;

/** Runs the command and returns its exit code: 1 with a finding. Throws `CommandRefused`. */
export async function runDoctor(argv: readonly string[], { terminal, ...options }: DoctorOptions): Promise<number> {
  const given = readArguments(argv);
  const answers = new Map<unknown, { is: unknown }>();
  const context: DoctorContext = {
    ...{ ...defaults, ...options, tell: terminal.tell },
    target: await findTarget(given, readConfiguration(options).config?.settings ?? {}, options.root),
    ask<T>(look: (context: DoctorContext) => T): T {
      const answer = answers.get(look) ?? { is: look(context) };
      answers.set(look, answer);
      return answer.is as T;
    },
  };
  const page = readPage();
  const show = (line: string) => (given.json ? terminal.tell(line) : terminal.print(line));
  const findings = [];
  const notChecked = [];
  for (const { codes, run } of checks) {
    let reason = 'a finding above stands in the way';
    const found: Found = await Promise.resolve(context)
      .then(run)
      .catch((error: unknown) => {
        if (!(error instanceof CommandRefused)) throw error;
        reason = error.message;
        return {};
      });
    for (const code of codes) {
      const { title = '', why, todo } = page.get(code) ?? {};
      const what = found[code]?.join('\n');
      if (what) findings.push({ code, what, why, todo });
      if (what === undefined) notChecked.push({ code, reason });
      const cells = what ? ['FINDING', code, title] : ['ok', code];
      await show(row(widths, what === undefined ? ['not checked', code, reason] : cells));
    }
  }
  for (const { code, what, why, todo } of findings) {
    const lines = [...what.split('\n'), `Why it matters: ${why}`, `What to do: ${todo}`];
    for (const line of ['', `${code} (docs/doctor.md#${code})`, ...lines.map((line) => `  ${line.trim()}`)])
      await show(line);
  }
  if (given.json) await terminal.print(JSON.stringify({ findings, notChecked }));
  return findings.length > 0 ? exitCodes.finding : exitCodes.done;
}
