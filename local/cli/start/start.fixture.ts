// `npm start` for a checkout that a test made: `node start.fixture.ts '{"root":...,"ports":...,"service":...}'`.
import { type LocalOptions, startLocal } from './start-local.ts';

process.exitCode = await startLocal(JSON.parse(process.argv[2] ?? '') as LocalOptions);
