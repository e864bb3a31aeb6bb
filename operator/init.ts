import { join } from 'node:path';
import { initHelp } from './init/init-help.ts';
import { runInit } from './init/run-init.ts';
import { runCommand } from './run-command.ts';

await runCommand(initHelp, (argv) => runInit(argv, join(import.meta.dirname, '..')));
