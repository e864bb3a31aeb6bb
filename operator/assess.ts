import { join } from 'node:path';
import { assessHelp } from './assess/assess-arguments.ts';
import { runAssess } from './assess/run-assess.ts';
import { runCommand } from './run-command.ts';

await runCommand(assessHelp, (argv) => runAssess(argv, join(import.meta.dirname, '..')));
