import { z } from 'zod';
import { downMode, flakyMode, okMode, slowMode } from '../loopback/mode.ts';

/** What `npm run fault -- service-bus <mode>` takes. The last two happen once and leave the mode as it was. */
export const serviceBusModes = z.discriminatedUnion('mode', [
  okMode,
  downMode,
  slowMode,
  flakyMode,
  z.strictObject({ mode: z.literal('server-busy') }),
  z.strictObject({ mode: z.literal('ignore-sends'), carriedOut: z.boolean().default(false) }),
  z.strictObject({ mode: z.literal('drop-sockets') }),
  z.strictObject({ mode: z.literal('detach-links') }),
]);

export type ServiceBusMode = z.output<typeof serviceBusModes>;
