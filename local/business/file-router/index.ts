import type { LocalBusiness } from '../local-business.ts';
import { destinationsOf } from './destinations.ts';
import { drillFiles, exampleFile, filesFromDisk, filesFromSample } from './requests.ts';

/** THE SAMPLE on this machine: destinations of its rules, files from disk, and a seeded sample of every kind of file. */
export const fileRouter: LocalBusiness = {
  name: 'file-router',
  destinations: destinationsOf,
  variables: ({ destination }) => ({ FILE_ROUTER_DESTINATION_URL: destination }),
  requests: {
    fromFiles: filesFromDisk,
    sample: filesFromSample,
    example: exampleFile,
    drill: drillFiles,
    follow: {
      queue: 'files',
      idInAnswer: (body) =>
        typeof body === 'object' && body !== null && 'fileId' in body ? String(body.fileId) : undefined,
      idProperty: 'file-id',
      nameProperty: 'file-name',
      sameContent: true,
    },
  },
};
