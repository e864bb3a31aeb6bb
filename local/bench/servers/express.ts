import type { AddressInfo } from 'node:net';
import express from 'express';
import helmet from 'helmet';
import { countRequest, item, reportTo } from './application.ts';

// Express as a peer uses it; with PROTECTED=1 it has the middleware that the starter's host has too.
const app = express();
if (process.env.PROTECTED === '1') app.use(helmet(), express.raw({ type: () => true, limit: 192 * 1024 }));
app.get('/items/:id', (request, response) => {
  countRequest();
  response.json(item(request.params.id));
});
const server = app.listen(0, '127.0.0.1', () => reportTo((server.address() as AddressInfo).port));
