import { registry } from '../../src/observability/registry.ts';

const names = registry.map(({ manifest }) => manifest.name);

/** Whether this checkout has a module. A team deletes those that it does not need, and then a test has nothing of it to judge. */
export const hasModule = (name: string): boolean => names.includes(name);

/** What only a checkout with the module has. */
export const ofModule = <T>(name: string, what: readonly T[]): readonly T[] => (hasModule(name) ? what : []);
