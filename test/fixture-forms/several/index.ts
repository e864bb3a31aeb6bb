import type { Business } from '../../../src/platform/business.ts';
import { businesses as httpAlone } from '../http-alone/index.ts';
import { businesses as topicAlone } from '../topic-alone/index.ts';
import { businesses as workerAlone } from '../worker-alone/index.ts';

/** Several businesses in one service. */
export const businesses: readonly Business[] = [...httpAlone, ...workerAlone, ...topicAlone];
