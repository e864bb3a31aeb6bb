import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

test('the tasks of the editor run scripts that exist, and what is debugged is started by a task that exists', () => {
  if (!existsSync(join(root, '.vscode'))) return; // deleted by a team with another editor
  const { scripts } = read('package.json') as { scripts: Record<string, string> };
  const { tasks } = read('.vscode/tasks.json') as { tasks: { label: string; script?: string; command?: string }[] };
  const { configurations } = read('.vscode/launch.json') as { configurations: { preLaunchTask?: string }[] };
  const run = tasks.map(({ script, command }) => script ?? /^npm (\S+)/.exec(command ?? '')?.[1] ?? '');
  expect(run.filter((name) => !(name in scripts))).toEqual([]);
  const labels = tasks.map(({ label }) => label);
  const started = configurations.flatMap(({ preLaunchTask }) => preLaunchTask ?? []);
  expect(started).not.toEqual([]);
  expect(started.filter((label) => !labels.includes(label))).toEqual([]);
});
