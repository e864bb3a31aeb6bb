import { runNew } from './init/run-init.ts';
import { runCommand } from './run-command.ts';

await runCommand('new', runNew);
