import { spawn } from 'node:child_process';

/** What opens an address in the browser that a person prefers, by platform. */
export function browserCommand(address: string, platform: NodeJS.Platform): [command: string, ...args: string[]] {
  if (platform === 'darwin') return ['open', address];
  // The empty text is the window's title, which `start` takes the first quoted argument for.
  if (platform === 'win32') return ['cmd', '/c', 'start', '', address];
  return ['xdg-open', address];
}

/** Opens an address in a browser. `unable` hears of a machine that has none, or no desktop. */
export function openBrowser(address: string, unable: (sentence: string) => void): void {
  const [command, ...args] = browserCommand(address, process.platform);
  const sentence = `The browser could not be opened: open ${address} yourself.`;
  spawn(command, args, { stdio: 'ignore', detached: true, windowsHide: true })
    .once('error', () => unable(sentence))
    .once('exit', (code) => code !== 0 && unable(sentence))
    .unref();
}
