import { styleText } from 'node:util';
import type { Host, Output } from './command.ts';

/** Whether people look at a stream: colours, short lines and progress are for them alone. */
export const isForEyes = (stream: Output, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env.CI && !env.NO_COLOR;

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Colours, whatever stream the text is written to. */
export const inColour: Paint = (format, text) => styleText(format, text, { validateStream: false });
export const plain: Paint = (_format, text) => text;

/** Colours where people look and have not asked for none. */
export const paintFor = ({ stdout, env }: Pick<Host, 'stdout' | 'env'>): Paint =>
  isForEyes(stdout, env) ? inColour : plain;

/** HH:MM:SS on the clock of who looks. */
export function clockTime(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** A generated id is known by its first characters, and `npm run trace` finds it by them. */
export const shortId = (text: string): string => text.replaceAll(/\b(?:obs-)?[0-9a-f]{32,}\b/g, (id) => shorten(id));
const shorten = (id: string) => `${id.slice(0, id.startsWith('obs-') ? 12 : 8)}…`;

export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

export const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;
