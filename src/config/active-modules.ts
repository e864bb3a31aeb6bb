import type { Fault } from './faults.ts';
import type { Level, Manifests } from './manifest.ts';

interface Choice {
  level: Level;
  add: readonly string[];
  remove: readonly string[];
}

/**
 * The names of the modules that are on, in the order of the registry. Adds to `faults` when a module is on and one that
 * it needs is off. Adding a module that is on already, or removing one that is off, is only a notice, because it must
 * not stop a change of level. `source` is the name of the file.
 */
export function activeModules(all: Manifests, { level, add, remove }: Choice, source: string, faults: Fault[]) {
  const byLevel = all.filter((module) => module.level !== 'opt-in' && module.level <= level).map(({ name }) => name);
  const isOn = (name: string) => !remove.includes(name) && (byLevel.includes(name) || add.includes(name));
  const on = all.filter(({ name }) => isOn(name));

  for (const name of add.filter((name) => remove.includes(name))) {
    const found = `"${name}" in add and in remove`;
    faults.push({ source, path: 'modules', found, allowed: 'each in one of the two' });
  }
  for (const { name, need } of on.flatMap(({ name, needs }) => needs.map((need) => ({ name, need })))) {
    const path = remove.includes(need) ? 'modules.remove' : 'modules.add';
    const found = `"${name}" on and "${need}", which it needs, off`;
    if (!isOn(need)) faults.push({ source, path, found, allowed: 'both on or both off' });
  }
  const onAlready = add.filter((name, index) => byLevel.includes(name) || add.indexOf(name) < index);
  const offAlready = remove.filter((name) => !byLevel.includes(name) && !add.includes(name));
  const needless = [
    ...onAlready.map((name) => `modules.add: "${name}" is on`),
    ...offAlready.map((name) => `modules.remove: "${name}" is off`),
  ];
  const notices = needless.map((what) => `${source}: ${what} already, so that naming it changes nothing`);
  return { active: on.map(({ name }) => name), notices };
}
