import { Writable } from 'node:stream';
import { vi } from 'vitest';
import type { Command, Output } from './command.ts';

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A stream that keeps what is written to it. */
export function collect(properties: { isTTY?: boolean; columns?: number } = {}): { stream: Output; text(): string } {
  let text = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, properties), text: () => text };
}

/** Runs a command in this process: starting one of its own would cost a second of CPU. */
export async function runInProcess(
  command: Command,
  args: readonly string[],
  { terminal, env = {} }: { terminal?: { columns: number }; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const stdout = collect(terminal && { isTTY: true, ...terminal });
  const stderr = collect();
  const written = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => stdout.stream.write(text)),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.stream.write(text)),
  ];
  try {
    const code = await command({ args, env, stdout: stdout.stream, stderr: stderr.stream });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const spy of written) spy.mockRestore();
  }
}
