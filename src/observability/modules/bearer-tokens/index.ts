import type { SetUp } from '../../module.ts';
import type { manifest } from './manifest.ts';
import { createTokenVerifier } from './token-verifier.ts';

/** Requires tokens as `deployment.tokens` says. Without an issuer there it adds nothing, and no token is required. */
export const setUp: SetUp<typeof manifest> = ({ settings: { tokens } }) =>
  tokens ? { tokens: createTokenVerifier(tokens) } : {};
