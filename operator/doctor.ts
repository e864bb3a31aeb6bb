import { environmentWith } from './command-settings.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { runCommand } from './run-command.ts';
import { openTerminal } from './terminal.ts';

await runCommand('doctor', (argv, root) =>
  runDoctor(argv, { root, env: environmentWith({}), terminal: openTerminal({ plain: true }) }),
);
