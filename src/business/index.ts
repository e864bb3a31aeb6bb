import type { Business } from '../platform/business.ts';
import { createFileRouter } from './file-router/index.ts';

export const businesses: readonly Business[] = [createFileRouter()];
