import type { Level } from '../../src/config/manifest.ts';
import { createCredential } from '../../src/platform/credential.ts';
import { titleOf } from '../../tools/assess/recommend.ts';
import { exitCodes } from '../command-refused.ts';
import { readCommandSettings } from '../command-settings.ts';
import { findLocalRun, openLocalTables } from '../local-run.ts';
import { openWorkspace } from '../query-workspace.ts';
import type { Terminal } from '../terminal.ts';
import type { AssessArguments } from './assess-arguments.ts';
import { collectEvidence } from './evidence.ts';

type Project = { root: string; level: Level; recommended: Level | undefined } & Parameters<typeof collectEvidence>[1];

/** Tells what the tables say hurts today. Returns 1 when that asks for a higher level. Throws `CommandRefused`. */
export async function runEvidence(given: AssessArguments, project: Project, terminal: Terminal): Promise<number> {
  const { level, recommended } = project;
  const { asksFor, evidence } = await collectEvidence(await openTables(given, project.root), project);
  for (const { says, notKnown } of evidence) for (const line of [says, `  Not known: ${notKnown}`]) terminal.tell(line);
  const answers = recommended ? `the answers ask for ${titleOf(recommended)}` : 'there are no answers yet';
  terminal.tell(`What hurts today asks for ${titleOf(asksFor)}; ${answers}; observability.json says ${level}.`);
  if (given.json) await terminal.print(JSON.stringify({ level, recommended, asksFor, evidence }));
  return asksFor > level ? exitCodes.finding : exitCodes.done;
}

async function openTables({ workspace, run: file }: AssessArguments, root: string) {
  if (workspace === undefined) return openLocalTables(await findLocalRun({ root, file }));
  return openWorkspace(workspace, await createCredential(readCommandSettings().azureClientId));
}
