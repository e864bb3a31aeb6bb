import type { BusinessName } from './business-name.ts';
import type { Project } from './project.ts';

/** Gives the project its name: its packages, `azd`, the README, and under which name its telemetry appears. */
export function nameProject(project: Project, { plural }: BusinessName): void {
  const { name: before } = JSON.parse(project.read('package.json')) as { name: string };
  const member = (name: string) => `"name": "${name}"`;
  for (const file of ['package.json', 'package-lock.json', '.devcontainer/devcontainer.json'])
    project.edit(file, (text) => text.replaceAll(member(before), member(plural)));
  project.edit('azure.yaml', (text) => text.replace(/^name: .*$/m, `name: ${plural}`));
  project.edit('README.md', (text) => text.replace(/^# .*$/m, `# ${titleOf(plural)}`));
  project.edit('src/config/settings.ts', (text) =>
    text.replace(/(\bSERVICE_NAME: \{[^}]*\bdefault: ')[^']*'/, `$1${plural}'`),
  );
  // In Azure each app has a name of its own, so that telemetry tells them apart.
  for (const [app, name] of Object.entries({ app: plural, worker: `${plural}-worker` }))
    project.edit('infra/names.bicep', (text) => text.replace(`${app}Role: '${app}'`, `${app}Role: '${name}'`));
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
