// Loaded before every command, also by a Node too old for the rest: plain JavaScript that old versions can read.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 22 || (major === 22 && minor >= 18);
const command = process.argv[1];

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

if (!stripsTypes) {
  refuse(
    `This project runs on Node 22.18 or newer and this is ${process.versions.node}: run "npm install" (it brings Node 24 as the optional package "node"), or install Node 24 from https://nodejs.org.`,
  );
} else if (command !== undefined && !existsSync(command)) {
  refuse(`This command was deleted with its folder (${command}): delete its script in package.json too.`);
}
