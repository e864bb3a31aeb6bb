import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { developerHost } from './developer-host.ts';

// The machine of a developer is another than that of the service; here one machine is both.
os.hostname = () => developerHost;
syncBuiltinESMExports();
