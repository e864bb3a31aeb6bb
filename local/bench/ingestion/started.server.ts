import { startLocal } from '../../cli/start/start-local.ts';

// `npm start` of the project that is named, as a process of its own: its stand-ins, its tables and, below it, its service.
const [root = ''] = process.argv.slice(2);
process.exitCode = await startLocal({ root, ports: { service: 0, dashboard: 0 } });
