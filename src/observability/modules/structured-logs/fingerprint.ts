import { hash } from 'node:crypto';

const ownFramesRead = 3;
const longestFrame = 512;

/** `at async Worker.run [as handler] (file:///app/src/worker.ts:10:5)` or, without a name, `at file:///…`. */
const frame = /^\s+at (?:async )?(?:new )?(?:(.*?) (?:\[as [^\]]*\] )?\()?(.*?)(?::\d+:\d+)?\)?$/;

/**
 * What makes two errors the same failure: type, message without what varies, and the functions of our own code on top
 * of the stack. Names, not line numbers, so that it survives edits elsewhere in the file, other machines and the build.
 */
export function fingerprint(type: string, message: string, stack: string): string {
  return hash('sha256', [type, normalise(message), ...ownFunctions(stack)].join('\n')).slice(0, 16);
}

/** The message without ids, numbers, addresses and quoted values. */
export const normalise = (message: string): string =>
  message
    .slice(0, 500)
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"')
    .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/\S+/gi, '<url>')
    .replaceAll(/\b(?=[\w-]*\d)[\w-]{8,}\b/g, '<id>')
    .replaceAll(/\d+/g, '#');

function ownFunctions(stack: string): string[] {
  const names: string[] = [];
  for (const line of stack.split('\n')) {
    const [, name = '<anonymous>', place = ''] = frame.exec(line.slice(0, longestFrame)) ?? [];
    if (!place || /^(?:node:|<anonymous>$|native$)/.test(place) || /[\\/]node_modules[\\/]/.test(place)) continue;
    names.push(name);
    if (names.length === ownFramesRead) break;
  }
  return names;
}
