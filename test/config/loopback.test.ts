import { expect, test } from 'vitest';
import { isLoopbackAddress, isLoopbackUrl } from '../../src/config/loopback.ts';

test('loopback addresses are recognised in every notation of a socket, and nothing else is', () => {
  for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) {
    expect(isLoopbackAddress(address), address).toBe(true);
  }
  for (const address of [
    undefined,
    '',
    '10.0.0.1',
    '126.0.0.1',
    '128.0.0.1',
    '::2',
    '::ffff:10.0.0.1',
    '127.0.0.1.example',
  ]) {
    expect(isLoopbackAddress(address), String(address)).toBe(false);
  }
});

test('URLs of this machine are recognised by address and as localhost, not by a name that looks like one', () => {
  for (const url of [
    'http://localhost:1',
    'http://LOCALHOST/',
    'http://127.0.0.1',
    'http://[::1]:8080/x',
    'http://0x7f.1/',
  ]) {
    expect(isLoopbackUrl(new URL(url)), url).toBe(true);
  }
  for (const url of ['http://localhost.example', 'http://127.0.0.1.example', 'http://[::2]/', 'http://10.0.0.1']) {
    expect(isLoopbackUrl(new URL(url)), url).toBe(false);
  }
});
