import { runProcess } from './command.ts';
import { rows } from './rows/command.ts';

await runProcess(rows);
