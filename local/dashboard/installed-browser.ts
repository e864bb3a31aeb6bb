import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where systems keep Chrome, Chromium and Edge. */
const known = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((name) => {
    const folder = process.env[name];
    return folder
      ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]
      : [];
  }),
];

/** `CHROME_PATH`, then where the system keeps one. */
export const browserPath: string | undefined = process.env.CHROME_PATH ?? known.find((path) => existsSync(path));
export const noBrowser = 'there is no Chrome, Chromium or Edge: install one, or name it in CHROME_PATH';

/** The browser calls no server of its maker. */
const quiet = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // A container's root has no other way; what it opens is the page of this project alone.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Starts the browser of this machine without a window. Throws `noBrowser` where there is none. */
export async function launchBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error(noBrowser);
  return chromium.launch({ executablePath: browserPath, args: quiet });
}
