import { startApplicationInsights } from '../index.ts';

/** A process that keeps its tables in a file, for tests that end it. Says its address, or why it cannot start. */
const [file] = process.argv.slice(2);
try {
  const { url } = await startApplicationInsights({ workspace: { file } });
  process.stdout.write(`${url}\n`);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
