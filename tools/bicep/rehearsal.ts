import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createKqlChecker } from './check-kql.ts';
import { parseSnapshot, together } from './predictions.ts';
import { rehearse } from './rehearse.ts';
import { oneAfterOther } from './template-order.ts';

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    level: { type: 'string', default: '1' },
    topology: { type: 'string', default: 'single' },
  },
});
if (values.help) {
  console.log(
    'node tools/bicep/rehearsal.ts [--level 1-5] [--topology single|split]\nSays in which order Azure would create the resources, and what would stop it.',
  );
  process.exit(0);
}
if (!/^[1-5]$/.test(values.level) || !['single', 'split'].includes(values.topology)) {
  console.error('Say --level 1 to 5 and --topology single or split.');
  process.exit(2);
}

const infra = join(import.meta.dirname, '..', '..', 'infra');
const read = (...path: string[]) => readFile(join(infra, ...path), 'utf8');
const name = `level-${values.level}-${values.topology}`;
const { order, faults } = rehearse({
  snapshot: together(
    parseSnapshot(await read('snapshots', `${name}.snapshot.json`)),
    parseSnapshot(await read('snapshots', `${name}.app.snapshot.json`)),
  ),
  template: oneAfterOther(JSON.parse(await read('main.json')), JSON.parse(await read('app.json'))),
  checkKql: createKqlChecker(JSON.parse(await read('observability', 'log-analytics-schema.json'))),
});
for (const [i, { type, name }] of order.entries()) console.log(`${String(i + 1).padStart(3)}  ${type}  ${name}`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
