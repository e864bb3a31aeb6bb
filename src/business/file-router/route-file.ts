import type { BusinessSettings, HandlerTools } from '../../platform/business.ts';
import { PermanentError } from '../../platform/errors.ts';
import type { ReceivedMessage } from '../../platform/messaging.ts';
import { deliver } from './destination.ts';
import { fileEvents } from './file-events.ts';
import { fromMessage } from './queued-file.ts';
import type { RoutingRules } from './routing-rules.ts';

const destinationUrl = (destination: string, base: string) =>
  new URL(destination, base.endsWith('/') ? base : `${base}/`);

/** Finds the file's destination and delivers it there. Without an address of the destinations that is all, and the file is gone. */
export const routeFile = (readRules: (settings: BusinessSettings) => RoutingRules) =>
  async function routeFile(message: ReceivedMessage, tools: HandlerTools): Promise<void> {
    const { log, signal, attempt, call, settings } = tools;
    const file = fromMessage(message);
    const { fileId, name, contentType, content } = file;

    const route = readRules(settings);
    const destination = route({ name, contentType, bytes: content.length });
    if (destination === undefined)
      throw new PermanentError('NoRoutingRule', 'No routing rule sends this file anywhere.');

    const { FILE_ROUTER_DESTINATION_URL: base } = settings;
    if (base === undefined) {
      fileEvents.storedNowhere({ fileId, destination, bytes: content.length });
      log.info('file stored nowhere', { fileId, destination, attempt });
      return;
    }
    await call(destination, () => deliver(destinationUrl(destination, base), file, signal));
    log.info('file delivered', { fileId, destination, attempt });
  };
