import { Session } from 'node:inspector';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const src = pathToFileURL(join(import.meta.dirname, '../../../src') + sep).href;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

/** Answers every question with the files of `src` of which a function has run since the last one, paths from `src`. */
process.on('message', (question) => {
  if (question !== 'files?') return;
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
    const called = result.filter(({ functions }) => functions.some(({ ranges: [whole] }) => whole && whole.count > 0));
    const files = called.map(({ url }) => url).filter((url) => url.startsWith(src));
    process.send?.({ files: files.map((url) => relative(src, url)).toSorted() });
  });
});
