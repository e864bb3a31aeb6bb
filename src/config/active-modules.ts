import type { Fault } from './faults.ts';
import type { Level, ModuleManifest } from './manifest.ts';

interface Choice {
  source: string;
  level: Level;
  modules: { add: readonly string[]; remove: readonly string[] };
  manifests: readonly ModuleManifest[];
}

/**
 * The names of the modules that are on, in the order of the registry. A module whose needs are off is a fault. Adding
 * what is on, or removing what is off, changes nothing and is only noticed: it must not stop a change of level.
 */
export function activeModules({ source, level, modules: { add, remove }, manifests }: Choice) {
  const byLevel = manifests
    .filter((module) => module.level !== 'opt-in' && module.level <= level)
    .map(({ name }) => name);
  const wanted = new Set([...byLevel, ...add].filter((name) => !remove.includes(name)));
  const on = manifests.filter(({ name }) => wanted.has(name));

  const faults: Fault[] = add
    .filter((name) => remove.includes(name))
    .map((name) => ({
      source,
      path: 'modules',
      found: `"${name}" in add and in remove`,
      allowed: 'each module in one of the two',
    }));
  for (const { name, needs } of on) {
    for (const need of needs.filter((need) => !wanted.has(need))) {
      const path = remove.includes(need) ? 'modules.remove' : 'modules.add';
      const found = `"${name}" on and "${need}", which it needs, off`;
      faults.push({ source, path, found, allowed: 'both on or both off' });
    }
  }

  const noticed = (list: string, state: string) => (name: string) =>
    `${source}: modules.${list}: "${name}" is ${state} already, so that naming it changes nothing`;
  const notices = [
    ...add.filter((name, index) => byLevel.includes(name) || add.indexOf(name) < index).map(noticed('add', 'on')),
    ...remove.filter((name) => !byLevel.includes(name) && !add.includes(name)).map(noticed('remove', 'off')),
  ];
  return { active: on.map(({ name }) => name), faults, notices };
}
