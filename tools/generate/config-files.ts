import { fileSchema } from '../../src/config/file-schema.ts';
import type { ModuleManifest } from '../../src/config/manifest.ts';
import { configTypes } from './config-types.ts';
import type { Generated } from './generated.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { jsonText } from './json-text.ts';
import { businessPage, settingsPage } from './settings-page.ts';
import type { Sources } from './sources.ts';

/** The level of an opt-in module in Bicep: above every rung. */
const optInLevel = 9;

/** What follows from the manifests and the settings: the docs and editors' schema, and what Bicep loads. */
export function configFiles(sources: Sources): Generated[] {
  const { manifests, levels, businesses } = sources;
  const schema = fileSchema(manifests, levels);
  return [
    { path: 'docs/settings.md', text: () => settingsPage(sources) },
    ...businesses.flatMap(({ name, settings }) =>
      settings ? [{ path: `src/business/${name}/settings.md`, text: () => businessPage(name, settings) }] : [],
    ),
    { path: 'docs/observability.schema.json', text: () => `${JSON.stringify(jsonSchemaOf(schema), null, 2)}\n` },
    { path: 'infra/observability/modules.json', text: () => jsonText(modulesByName(manifests)) },
    {
      path: 'infra/observability/defaults.json',
      text() {
        const { level, ...defaults } = schema.parse({ level: 1 });
        return jsonText(defaults);
      },
    },
    {
      path: 'infra/observability/config-types.bicep',
      text: () =>
        configTypes(
          jsonSchemaOf(schema),
          manifests.map(({ name }) => name),
        ),
    },
  ];
}

function modulesByName(manifests: readonly ModuleManifest[]) {
  const entries = manifests.map(({ name, level, needs }) => {
    return [name, { level: level === 'opt-in' ? optInLevel : level, needs }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
