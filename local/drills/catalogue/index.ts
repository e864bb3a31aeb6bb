import type { Drill } from '../drill.ts';
import { calm } from './calm.ts';
import { dependencyDown } from './dependency-down.ts';

/** Every drill, in the order in which `npm run drill -- all` runs them. */
export const drills: readonly Drill[] = [dependencyDown, calm];
