import { join } from 'node:path';
import { environmentWith } from './command-settings.ts';
import { help } from './doctor/doctor-help.ts';
import { runDoctor } from './doctor/run-doctor.ts';
import { runCommand } from './run-command.ts';
import { openTerminal } from './terminal.ts';

await runCommand(help, (argv) =>
  runDoctor(argv, {
    root: join(import.meta.dirname, '..'),
    env: environmentWith({}),
    terminal: openTerminal({ plain: true }),
  }),
);
