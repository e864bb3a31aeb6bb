import express from 'express';
import { z } from 'zod';
import type { Business, BusinessSettings } from '../../platform/business.ts';
import { acceptFile } from './accept-file.ts';
import { fileQueue } from './queued-file.ts';
import { routeFile } from './route-file.ts';
import ownRules from './routing-rules.json' with { type: 'json' };
import { type RoutingRules, readRoutingRules } from './routing-rules.ts';

const maxFileBytes = 192 * 1024;

/** Imported as a module, so that the build takes the file along. */
const ownSource = { name: 'routing-rules.json', text: JSON.stringify(ownRules) };

/** THE SAMPLE: takes files over HTTP and routes them to destinations. Delete this folder and its line in `../index.ts`. */
export function createFileRouter(): Business {
  let rules: RoutingRules | undefined;
  const readRules = ({ FILE_ROUTER_RULES: path }: BusinessSettings) =>
    (rules ??= readRoutingRules(path ? { name: `${path} (FILE_ROUTER_RULES)`, path } : ownSource));

  return {
    name: 'file-router',
    settings: {
      FILE_ROUTER_DESTINATION_URL: {
        meaning:
          'Base address of the destinations: a file for `documents` goes to `<address>/documents`. Without it files are accepted and routed, and stored nowhere.',
        allowed: 'an http or https address',
        schema: z.url({ protocol: /^https?$/ }).optional(),
      },
      FILE_ROUTER_RULES: {
        meaning: 'The file with the routing rules, instead of `routing-rules.json` in the folder of this business.',
        allowed: 'a path',
        schema: z.string().min(1).optional(),
      },
    },
    sends: [fileQueue],
    start({ settings, log }) {
      readRules(settings);
      if (settings.FILE_ROUTER_DESTINATION_URL === undefined)
        log.warning('files are accepted and stored nowhere, because FILE_ROUTER_DESTINATION_URL is not set');
    },
    routes(router, tools) {
      router.post('/files', express.raw({ type: () => true, limit: maxFileBytes }), acceptFile(tools));
    },
    handlers: { [fileQueue]: routeFile(readRules) },
  };
}
