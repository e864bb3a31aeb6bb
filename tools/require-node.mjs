// Loaded before every command, also by a Node too old for the rest: plain JavaScript that old versions can read.
const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 22 || (major === 22 && minor >= 18);
if (!stripsTypes) {
  process.stderr.write(
    `This project runs on Node 22.18 or newer and this is ${process.versions.node}: run "npm install" (it brings Node 24 as the optional package "node"), or install Node 24 from https://nodejs.org.\n`,
  );
  process.exit(2);
}
