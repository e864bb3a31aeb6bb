import type { Settings } from '../../src/config/read-settings.ts';
import type { ServiceBusConnection } from '../../src/config/settings.ts';
import { createCredential } from '../../src/platform/credential.ts';
import { CommandRefused } from '../command-refused.ts';
import { findServiceBus } from '../find-service-bus.ts';
import { findLocalRun } from '../local-run.ts';
import { readOptions } from '../read-options.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const options = { url: text, namespace: text, workspace: text, run: text, send: flag, json: flag };

export const readArguments = (argv: readonly string[]) => readOptions(argv, { options }).values;

/** The running system to look at. A part that is undefined is not checked. */
export type Target = Awaited<ReturnType<typeof findTarget>>;

/**
 * Finds what the options and the settings name, else the `npm start` of the checkout. `maySend`: whether a message may
 * be sent. Throws `CommandRefused` when nothing is where the options say.
 */
export async function findTarget(given: ReturnType<typeof readArguments>, settings: Partial<Settings>, root: string) {
  const { url, namespace, workspace, run: file, send } = given;
  if (url !== undefined && !URL.canParse(url))
    throw new CommandRefused('--url is an address: https://orders.example.org');
  const { serviceBus, azureClientId } = settings;
  const elsewhere = namespace ?? (file === undefined && serviceBus);
  const run =
    elsewhere || workspace
      ? undefined
      : await findLocalRun({ root, file }).catch((error: unknown): undefined => {
          if (file !== undefined || !(error instanceof CommandRefused)) throw error;
        });
  const local = run?.serviceBus;
  const connection: ServiceBusConnection | undefined = elsewhere
    ? (await findServiceBus({ settings: { serviceBus }, run: file, namespace, root })).connection
    : local === undefined
      ? undefined
      : { kind: 'connection-string', connectionString: local };
  const inAzure = connection?.kind === 'namespace' || workspace !== undefined;
  const credential = inAzure ? await createCredential(azureClientId) : undefined;
  return { run, connection, credential, workspace, url: url ?? run?.service, maySend: send || run !== undefined };
}
