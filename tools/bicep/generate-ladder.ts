import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { levels } from '../../src/observability/levels.ts';
import type { GeneratedFiles } from './generate-alert-rules.ts';
import type { Resource, Snapshot } from './predictions.ts';

const ROOT = join(import.meta.dirname, '..', '..');
type Modules = Record<string, { level: number; needs: string[] }>;

const idsOf = (snapshot: Snapshot) => new Set(snapshot.predictedResources.map(({ id }) => id));

/** The resources of `upper` that `lower` does not ask for: what climbing adds, and what an ordinary way down leaves. */
export const addedResources = (lower: Snapshot, upper: Snapshot): Resource[] => {
  const known = idsOf(lower);
  return upper.predictedResources.filter(({ id }) => !known.has(id));
};

/** A name that a reader finds again in the portal: tokens and GUIDs say nothing. */
const label = ({ type, name, properties }: Resource): string => {
  const kind = type.slice(type.indexOf('/') + 1);
  const description = properties?.description;
  if (kind === 'roleAssignments' && typeof description === 'string')
    return `role: ${description.replaceAll(/-[a-z0-9]{13}\b/g, '')}`;
  if (kind === 'workbooks') return `workbook "${String(properties?.displayName)}"`;
  return `${kind} \`${name.replaceAll(/-?[a-z0-9]{13}(?=\/|$)/g, '').replace(/^\//, '')}\``;
};

const bullets = (resources: readonly Resource[]) =>
  resources.length === 0 ? ' nothing.' : `\n\n${resources.map((resource) => `* ${label(resource)}`).join('\n')}`;

const at = (snapshots: Record<string, Snapshot>, level: number, topology: string): Snapshot => {
  const snapshot = snapshots[`level-${level}-${topology}`];
  if (!snapshot) throw new Error(`There is no prediction for level ${level} in topology ${topology}.`);
  return snapshot;
};

const rung = (snapshots: Record<string, Snapshot>, modules: Modules, level: number): string => {
  const { name, answers } = levels[level as keyof typeof levels];
  const own = Object.keys(modules).filter((module) => modules[module]?.level === level);
  const added =
    level === 1
      ? at(snapshots, 1, 'single').predictedResources
      : addedResources(at(snapshots, level - 1, 'split'), at(snapshots, level, 'split'));
  return `## Level ${level}: ${name}

*${answers}*

Modules: ${own.length === 0 ? 'none yet' : own.map((module) => `\`${module}\``).join(', ')}.

${level === 1 ? 'In Azure (topology `single`)' : `In Azure beyond level ${level - 1}`}:${bullets(added)}
`;
};

/** `docs/ladder.md`: what each level adds in Azure and what a way down leaves there, computed from the predictions. */
export const generateLadder = (
  snapshots: Record<string, Snapshot>,
  modules: Modules = JSON.parse(readFileSync(join(ROOT, 'infra/observability/modules.json'), 'utf8')) as Modules,
): GeneratedFiles => {
  const rungs = [1, 2, 3, 4, 5].map((level) => rung(snapshots, modules, level));
  const steps = [5, 4, 3, 2].map((level) => {
    const left = addedResources(at(snapshots, level - 1, 'split'), at(snapshots, level, 'split'));
    return `### From ${level} to ${level - 1}\n\nStays behind:${bullets(left)}\n`;
  });
  const joined = addedResources(at(snapshots, 4, 'single'), at(snapshots, 4, 'split'));
  return {
    'docs/ladder.md': `# The ladder

Generated from the predictions in \`infra/snapshots\` by \`npm run generate\`. Change \`level\` in \`observability.json\`, then \`npm start\` or
\`azd provision\`: the same image runs with another \`OBSERVABILITY_CONFIG\`, and Azure gets the difference below.

${rungs.join('\n')}
## Going down

An ordinary deployment adds and changes; it never deletes. So a lower level leaves the resources of the higher one: they keep
running, firing and costing. A deployment stack deletes what the template no longer asks for: see
[the guide](guides/deploy.md#going-down). Without one, delete by hand what this list names.

${steps.join('\n')}
### From topology \`split\` to \`single\`

Stays behind:${bullets(joined)}
`,
  };
};
