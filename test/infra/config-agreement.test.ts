import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/faults.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { levels } from '../../src/observability/levels.ts';
import { registry } from '../../src/observability/registry.ts';
import type { CompilerSession } from '../../tools/bicep/compiler-session.ts';
import { parseSnapshot, predictFile } from '../../tools/bicep/predictions.ts';
import { copyInfra, infra, testWithCompiler } from './bicep.ts';
import { hasModule } from './present-modules.ts';

/** Well-formed JSON that nobody may accept, and a word that both must say of it: refused for another reason is not judged. */
const bad: Record<string, [value: unknown, word: string]> = {
  'no level': [{ modules: {} }, 'level'],
  'a level that does not exist': [{ level: 0 }, '0'],
  'a level above the highest': [{ level: 6 }, '6'],
  'a network that is none of the two': [{ level: 1, deployment: { network: 'private' } }, 'private'],
  'a level in quotes': [{ level: '3' }, '3'],
  'a level and a half': [{ level: 1.5 }, 'level'],
  'a misspelt section': [{ level: 1, retyr: {} }, 'retyr'],
  'a misspelt key': [{ level: 1, deployment: { tokens: { isuer: '' } } }, 'isuer'],
  'a key of the wrong case': [{ level: 1, slo: { LatencyMs: 50 } }, 'LatencyMs'],
  'a section of another kind': [{ level: 1, slo: 50 }, 'slo'],
  'a fraction': [{ level: 1, cost: { dailyCapMb: 100.5 } }, 'dailyCapMb'],
  'a number in quotes': [{ level: 1, cost: { monthlyBudget: '5' } }, '5'],
  'a number below its bound': [{ level: 1, cost: { dailyCapMb: 22 } }, '22'],
  'an objective that no alert could guard': [{ level: 1, slo: { availabilityBasisPoints: 9305 } }, '9306'],
  'a number above its bound': [{ level: 1, slo: { availabilityBasisPoints: 10_000 } }, '10000'],
  'a misspelt choice': [{ level: 1, deployment: { topology: 'splt' } }, 'splt'],
  'a truth in quotes': [{ level: 1, deployment: { public: 'yes' } }, 'yes'],
  'an issuer without an audience': [
    { level: 1, deployment: { tokens: { issuer: 'https://login.example.com' } } },
    'issuer',
  ],
  'roles without an issuer': [{ level: 1, deployment: { tokens: { roles: ['Orders.Send'] } } }, 'issuer'],
  'a public service without tokens': [{ level: 1, deployment: { public: true } }, 'issuer'],
  ...(hasModule('bearer-tokens') && {
    'a public service whose tokens need no role': [
      {
        level: 1,
        modules: { add: ['bearer-tokens'] },
        deployment: { public: true, tokens: { issuer: 'https://login.example.com', audience: 'a' } },
      },
      'roles',
    ],
  }),
  'an issuer of tokens and no module that checks them': [
    { level: 1, deployment: { tokens: { issuer: 'https://login.example.com', audience: 'a' } } },
    'bearer-tokens',
  ],
  'a module that does not exist': [{ level: 1, modules: { add: ['custom-evnts'] } }, 'custom-evnts'],
  'nothing where a module should be': [{ level: 1, modules: { add: [null] } }, ''],
  ...(hasModule('application-insights') && {
    'a share that is no divisor of 100': [{ level: 1, sampling: { percent: 3 } }, '3'],
    'a module whose needs are removed': [
      { level: 3, modules: { remove: ['application-insights'] } },
      'application-insights',
    ],
  }),
  'a module added and removed': [
    { level: 1, modules: { add: ['custom-events'], remove: ['custom-events'] } },
    'custom-events',
  ],
};

/** Well-formed JSON that both must accept, and the level that both must find. */
const good: Readonly<Record<string, readonly [text: string, level: number]>> = {
  'the level alone': ['{ "level": 2 }', 2],
  'an assessment with a day': ['{ "level": 2, "assessment": { "on": "2026-01-31", "answers": { "budget": 5 } } }', 2],
  'null for what is left out': [
    '{ "level": 3, "cost": null, "slo": { "latencyMs": null }, "modules": { "add": null } }',
    3,
  ],
  'a byte order mark': ['\uFEFF{ "level": 1 }', 1],
  'whole numbers in another form': ['{ "level": 1.0, "slo": { "latencyMs": 5e2 } }', 1],
  'a public service without tokens that says so': [
    '{ "level": 1, "deployment": { "public": true, "allowAnonymous": true } }',
    1,
  ],
  ...(hasModule('bearer-tokens') && {
    'a public service that asks for tokens': [
      '{ "level": 4, "modules": { "add": ["bearer-tokens"] }, "deployment": { "public": true, "tokens": { "issuer": "https://login.example.com/v2.0", "audience": "api", "roles": ["Orders.Send", "user_impersonation"] } } }',
      4,
    ],
  }),
};

/** JSON that Bicep takes and the service does not: the hook before a provision must refuse it. With the place that it must name. */
const leftToTheHook: Record<string, [text: string, place: string]> = {
  'an address that gets no mail': ['{ "level": 1, "alerts": { "email": "ops at example.org" } }', 'alerts.email'],
  ...(hasModule('correlation') && {
    'a header that is none': ['{ "level": 1, "correlation": { "header": "x correlation" } }', 'correlation.header'],
  }),
  ...(hasModule('bearer-tokens') && {
    'an issuer without https': [
      '{ "level": 1, "modules": { "add": ["bearer-tokens"] }, "deployment": { "tokens": { "issuer": "http://login.example.com", "audience": "a" } } }',
      'deployment.tokens.issuer',
    ],
    'a role with a blank': [
      '{ "level": 1, "modules": { "add": ["bearer-tokens"] }, "deployment": { "tokens": { "issuer": "https://login.example.com", "audience": "a", "roles": ["Orders Send"] } } }',
      'deployment.tokens.roles[0]',
    ],
  }),
  'operators by name': ['{ "level": 1, "deployment": { "operators": "sre-team" } }', 'deployment.operators'],
  'a key that stands twice': ['{ "level": 1, "level": 4 }', 'line 1, column 15'],
};

const manifests = registry.map(({ manifest }) => manifest);

/** `sent`: what containers get as OBSERVABILITY_CONFIG. */
type Verdict = { level: number; active: readonly string[]; sent?: string } | { refused: string };

const judgedByService = (text: string): Verdict => {
  try {
    return loadConfig({ env: {}, file: { name: 'observability.json', text }, manifests, levels });
  } catch (error) {
    if (error instanceof ConfigError) return { refused: error.message };
    throw error;
  }
};

/** What main.bicep does with the file before anything else, without its resources: thirty predictions in seconds. */
const judge = `targetScope = 'subscription'
import { activeModules } from 'checks.bicep'
import { observabilityConfig } from 'observability/config-types.bicep'
param config observabilityConfig
var resolved = union(loadJsonContent('observability/defaults.json'), config)
output active string[] = activeModules(resolved, [])
output level int = resolved.level
output sent string = string(resolved)
`;
const parameters = await readFile(join(infra, 'main.bicepparam'), 'utf8');
const configPart = parameters.slice(
  parameters.indexOf('var file'),
  parameters.indexOf('\n', parameters.indexOf('param config')),
);

test('the templates that judge are those that main.bicep uses', async () => {
  const main = await readFile(join(infra, 'main.bicep'), 'utf8');
  for (const line of [
    'param config observabilityConfig',
    "var resolved = union(loadJsonContent('observability/defaults.json'), config)",
  ]) {
    expect(main).toContain(line);
    expect(judge).toContain(line);
  }
  expect(main).toMatch(/^var active = activeModules\(\s*resolved,/m);
});

let files = 0;

/** What Bicep says of a file. One process keeps what it has read, so each file needs a name of its own. */
const bicepIn = async (compiler: CompilerSession) => {
  const folder = await copyInfra({ 'infra/judge.bicep': judge });
  return async (text: string): Promise<Verdict> => {
    const name = `observability-${++files}`;
    const path = join(folder, 'infra', `${name}.bicepparam`);
    await writeFile(join(folder, `${name}.json`), text);
    await writeFile(path, `using 'judge.bicep'\n${configPart.replace('../observability.json', `../${name}.json`)}\n`);
    try {
      const { level, active, sent } = parseSnapshot(await predictFile(compiler, path)).outputs as {
        level: number;
        active: string[];
        sent: string;
      };
      return { level, active, sent };
    } catch (error) {
      return { refused: String(error) };
    }
  };
};

testWithCompiler('the service and Bicep refuse the same files and accept the same files', async (compiler) => {
  const judgedByBicep = await bicepIn(compiler);
  for (const [what, [text, level]] of Object.entries(good)) {
    expect(judgedByService(text), what).toMatchObject({ level });
    expect(await judgedByBicep(text), what).toMatchObject({ level });
  }
  for (const [what, [value, word]] of Object.entries(bad)) {
    const refused = { refused: expect.stringContaining(word) };
    expect(judgedByService(JSON.stringify(value)), what).toEqual(refused);
    expect(await judgedByBicep(JSON.stringify(value)), what).toEqual(refused);
  }
});

testWithCompiler('an assessment never reaches a container: another day in it makes no revision', async (compiler) => {
  const judgedByBicep = await bicepIn(compiler);
  const of = (on: string) => judgedByBicep(JSON.stringify({ level: 1, assessment: { on } }));
  const [one, another] = await Promise.all([of('2026-01-31'), of('2026-02-01')]);
  expect(one).toMatchObject({ level: 1, sent: expect.stringContaining('"cost"') });
  expect(another).toEqual(one);
});

testWithCompiler(
  'what Bicep leaves to the hook before a provision is refused by its loader, with its place',
  async (compiler) => {
    const judgedByBicep = await bicepIn(compiler);
    for (const [what, [text, place]] of Object.entries(leftToTheHook)) {
      expect(await judgedByBicep(text), what).not.toHaveProperty('refused');
      expect(judgedByService(text), what).toEqual({ refused: expect.stringContaining(`${place}: found`) });
    }
  },
);
