import { join } from 'node:path';
import { newHelp } from './init/init-help.ts';
import { runNew } from './init/run-init.ts';
import { runCommand } from './run-command.ts';

await runCommand(newHelp, (argv) => runNew(argv, join(import.meta.dirname, '..')));
