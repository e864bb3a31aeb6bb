import { generateLadder } from '../ladder/generate-ladder.ts';
import { startCompilerSession } from './compiler-session.ts';
import { findCompiler } from './find-compiler.ts';
import type { GeneratedFiles } from './generate-alert-rules.ts';
import { compileTemplates, predictScenarios, wholeScenarios } from './predictions.ts';
import { generatePrices } from './price-table.ts';

/**
 * What the compiler makes of `infra/` as it lies on disk: the predictions, the compiled templates and the pages that
 * follow from them. Run it after everything that Bicep loads was written. Without a compiler: the reason.
 */
export const generatePredictions = async (): Promise<{ files: GeneratedFiles } | { reason: string }> => {
  const compiler = await findCompiler();
  if (compiler.path === undefined) return { reason: compiler.reason };
  const session = startCompilerSession(compiler.path);
  try {
    const snapshots = await predictScenarios(session);
    const whole = wholeScenarios(snapshots);
    const pages = { ...generateLadder(whole), ...generatePrices(whole) };
    return { files: { ...snapshots, ...(await compileTemplates(session)), ...pages } };
  } finally {
    await session.stop();
  }
};
