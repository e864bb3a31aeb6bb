import { stat } from 'node:fs/promises';
import { readDocumentedExamples } from '../kql/documentation/documented-examples.ts';
import { judgeExamples, verdicts } from '../kql/documentation/judge-examples.ts';
import { exitCodes, runCommand, UsageError } from './command.ts';
import { formatTable } from './table.ts';

const help = `npm run kql-documentation -- <folder> [--json]

Runs the examples of Kusto's documentation and compares each answer with the one that its page prints. <folder> is a checkout
of https://github.com/MicrosoftDocs/dataexplorer-docs, which is not a part of this project. Prints how many agree and how
many are refused, and each that differs.

  --json  one object an example: page, line, verdict, why

Exit code: 0 no answer differs, 1 one differs or fails, 2 wrong usage.
`;

await runCommand({ help, allowPositionals: true, options: { json: { type: 'boolean' } } }, async (parsed, host) => {
  const [folder, ...others] = parsed.positionals;
  if (folder === undefined || others.length > 0) throw new UsageError('Name one folder. Add --help for more.');
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw new UsageError(`${folder} is no folder.`);
  const examples = await readDocumentedExamples(folder);
  if (examples.length === 0) throw new UsageError(`${folder} holds no page with a query and its answer.`);
  const judged = await judgeExamples(examples);
  const defects = judged.filter(({ verdict }) => verdict === 'differs' || verdict === 'fails');
  if (parsed.values.json) {
    for (const { example, verdict, why } of judged)
      host.stdout.write(`${JSON.stringify({ page: example.page, line: example.line, verdict, why })}\n`);
  } else {
    const count = (verdict: string) => judged.filter((each) => each.verdict === verdict).length;
    const rows = verdicts.map((verdict) => [verdict, String(count(verdict)).padStart(6)]);
    host.stdout.write(formatTable([...rows, ['examples', String(judged.length).padStart(6)]]));
    for (const { example, why } of defects) host.stdout.write(`\n${example.page}:${example.line}  ${why}\n`);
  }
  return defects.length > 0 ? exitCodes.finding : exitCodes.done;
});
