import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Destinations } from '../destination/index.ts';
import type { Addresses, LocalBusiness } from './local-business.ts';

/** What the businesses of a checkout are given together. */
export interface LocalSetup {
  /** Those of the list that the service has. */
  businesses: readonly LocalBusiness[];
  /** Asked again after each change of a file, because a business may read its names from one. */
  destinations(): Destinations;
  variables(addresses: Addresses): Record<string, string>;
  /** Sentences for people: what is listed and ignored. */
  notes: readonly string[];
}

/** Reads which of the listed businesses the service of this checkout has, and joins what they are given. */
export async function readLocalSetup(root: string, listed: readonly LocalBusiness[]): Promise<LocalSetup> {
  const { here, ignored } = await splitByPresence(root, listed);
  return {
    businesses: here,
    destinations: () => Object.assign({}, ...here.map((business) => destinationsOf(business, root))),
    variables: (addresses) => Object.assign({}, ...here.map(({ variables }) => variables?.(addresses))),
    notes: ignored.map(
      ({ name }) =>
        `local/business/index.ts lists "${name}", which src/business/index.ts does not have: it is ignored here.`,
    ),
  };
}

function destinationsOf({ destinations = {} }: LocalBusiness, root: string): Destinations {
  return typeof destinations === 'function' ? destinations(root) : destinations;
}

async function splitByPresence(root: string, listed: readonly LocalBusiness[]) {
  const names = await namesOf(root);
  const isHere = ({ name }: LocalBusiness) => names?.includes(name) ?? true;
  return { here: listed.filter(isHere), ignored: listed.filter((business) => !isHere(business)) };
}

/** The names in the list of the service; undefined when it cannot be read, which the service itself tells. */
async function namesOf(root: string): Promise<string[] | undefined> {
  try {
    const file = pathToFileURL(join(root, 'src/business/index.ts')).href;
    const { businesses } = (await import(file)) as { businesses: readonly { name: string }[] };
    return businesses.map(({ name }) => name);
  } catch {
    return undefined;
  }
}
