import entities from '../../../infra/queues.json' with { type: 'json' };
import type { TestedBusiness } from '../../test/fixture-business.ts';
import { fileRouter } from './index.ts';

/** The sample as a test runs the service with it: nothing is put in the place of the real list. */
export const sample: TestedBusiness = { ...fileRouter, entities, queue: 'files', preload: [] };
