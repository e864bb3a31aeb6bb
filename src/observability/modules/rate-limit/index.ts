import type { SetUp } from '../../module.ts';
import { createLimiter } from './limiter.ts';
import type { manifest } from './manifest.ts';

/** Limits the requests of each caller, in this replica. */
export const setUp: SetUp<typeof manifest> = ({ section }) => ({ afterTokens: [createLimiter(section)] });
