// Loaded before every command, also by a Node too old for the rest: plain JavaScript that old versions can read.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 22 || (major === 22 && minor >= 18);
const command = process.argv[1];

const doctor = command !== undefined && /[\\/]doctor\.ts$/.test(command);

function refuse(sentence, code) {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

if (!stripsTypes) {
  const what = `This project runs on Node 22.18 or newer and this is ${process.versions.node}: run "npm install" (it brings Node 24 as the optional package "node"), or install Node 24 from https://nodejs.org.`;
  // The doctor cannot run with this Node, so its finding is told here.
  const finding = { code: 'node-too-old', what };
  if (doctor && process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ findings: [finding], notChecked: [] })}\n`);
  refuse(doctor ? `${finding.code}: ${what}` : what, doctor ? 1 : 2);
} else if (command !== undefined && !existsSync(command)) {
  refuse(`This command was deleted with its folder (${command}): delete its script in package.json too.`, 2);
}
