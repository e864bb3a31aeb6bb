import { runAssess } from './assess/run-assess.ts';
import { runCommand } from './run-command.ts';

await runCommand('assess', runAssess);
