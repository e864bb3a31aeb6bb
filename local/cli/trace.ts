import { runProcess } from './command.ts';
import { trace } from './trace/command.ts';

await runProcess(trace);
