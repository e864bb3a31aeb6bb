import { runPlan } from './plan/run-plan.ts';
import { runCommand } from './run-command.ts';

await runCommand('plan', runPlan);
