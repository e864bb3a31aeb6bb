import { expect, test } from 'vitest';
import { browserCommand } from './open-browser.ts';

const address = 'http://127.0.0.1:4600/';

test('each system opens an address by its own command, as one argument', () => {
  expect(browserCommand(address, 'linux')).toEqual(['xdg-open', address]);
  expect(browserCommand(address, 'darwin')).toEqual(['open', address]);
  expect(browserCommand(address, 'win32')).toEqual(['cmd', '/c', 'start', '', address]);
});
