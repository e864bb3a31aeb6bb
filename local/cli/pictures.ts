import { relative } from 'node:path';
import { repository } from '../pictures/page-sources.ts';
import { takePictures } from '../pictures/take-pictures.ts';
import { exitCodes, runCommand } from './command.ts';

const help = `npm run pictures

Takes the pictures of the README anew, in a Chrome, Chromium or Edge of this machine: starts everything at level 3, sends the
business's sample while the destinations are well and while they are down, and writes docs/pictures with a hash of the page's
sources. It takes about two minutes.
`;

await runCommand({ help, allowPositionals: false, options: {} }, async () => {
  const paths = await takePictures((line) => process.stderr.write(`${line}\n`));
  for (const path of paths) process.stdout.write(`${relative(repository, path)}\n`);
  return exitCodes.done;
});
