import { runProcess } from './command.ts';
import { fault } from './fault/command.ts';

await runProcess(fault);
