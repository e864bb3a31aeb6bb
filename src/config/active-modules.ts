import type { Fault } from './faults.ts';
import type { Level, ModuleManifest } from './manifest.ts';

interface Choice {
  /** The name of the file in messages. */
  source: string;
  level: Level;
  modules: { add: readonly string[]; remove: readonly string[] };
  manifests: readonly ModuleManifest[];
}

/**
 * The names of the modules that are on, in the order of the registry. It is a fault when a module is on and a module
 * that it needs is off. Adding a module that is on already, or removing a module that is off, is only a notice, because
 * it must not stop a change of level.
 */
export function activeModules({ source, level, modules: { add, remove }, manifests }: Choice) {
  const byLevel = manifests
    .filter((module) => module.level !== 'opt-in' && module.level <= level)
    .map(({ name }) => name);
  const wanted = new Set([...byLevel, ...add].filter((name) => !remove.includes(name)));
  const on = manifests.filter(({ name }) => wanted.has(name));

  const twice = add
    .filter((name) => remove.includes(name))
    .map((name) => ({ path: 'modules', found: `"${name}" in add and in remove`, allowed: 'each in one of the two' }));
  const needless = on.flatMap(({ name, needs }) =>
    needs
      .filter((need) => !wanted.has(need))
      .map((need) => ({
        path: remove.includes(need) ? 'modules.remove' : 'modules.add',
        found: `"${name}" on and "${need}", which it needs, off`,
        allowed: 'both on or both off',
      })),
  );
  const faults: Fault[] = [...twice, ...needless].map((fault) => ({ source, ...fault }));

  const noticed = (list: string, state: string) => (name: string) =>
    `${source}: modules.${list}: "${name}" is ${state} already, so that naming it changes nothing`;
  const notices = [
    ...add.filter((name, index) => byLevel.includes(name) || add.indexOf(name) < index).map(noticed('add', 'on')),
    ...remove.filter((name) => !byLevel.includes(name) && !add.includes(name)).map(noticed('remove', 'off')),
  ];
  return { active: on.map(({ name }) => name), faults, notices };
}
