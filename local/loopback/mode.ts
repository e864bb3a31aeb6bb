import { z } from 'zod';

/** The modes that both stand-ins share. Times are milliseconds, `share` is 0 to 1. */
export const okMode = z.strictObject({ mode: z.literal('ok') });
export const downMode = z.strictObject({ mode: z.literal('down') });
export const slowMode = z.strictObject({ mode: z.literal('slow'), ms: z.int().min(0).max(600_000).default(2_000) });
export const flakyMode = z.strictObject({
  mode: z.literal('flaky'),
  share: z.number().min(0).max(1).default(0.3),
  seed: z.int().default(1),
});

/** Seconds for `Retry-After`. */
export const retryAfterSeconds = z.int().min(0).max(86_400).default(5);

interface ModeOption extends z.core.$ZodTypeDiscriminable {
  readonly shape: { readonly mode: { readonly value: string } };
}

/**
 * Turns what a person or a program asked for into a mode with all its options. Throws a sentence that names the allowed
 * modes, or the option that is wrong.
 */
export function readMode<Options extends readonly [ModeOption, ...ModeOption[]]>(
  modes: z.ZodDiscriminatedUnion<Options>,
  mode: string,
  options: Readonly<Record<string, unknown>>,
): z.output<z.ZodDiscriminatedUnion<Options>> {
  const names = modes.options.map((option) => option.shape.mode.value);
  if (!names.includes(mode)) throw new Error(`There is no mode "${mode}"; choose one of ${names.join(', ')}`);
  const read = modes.safeParse({ ...options, mode });
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new Error(`Mode "${mode}": ${faults.join('; ')}`);
}
