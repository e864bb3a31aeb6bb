import { expect, test } from 'vitest';
import { faultsOf } from './fixtures.ts';

const levelsAllowed = '1 (baseline), 2 (recoverable), 3 (explained), 4 (alerting), 5 (governed)';
const keysAllowed = '$schema, level, modules, assessment, sampling, correlation, retry, alerts, slo, cost, deployment';
const modulesAllowed = '"traces", "probes", "events", "classic", "bearer-tokens"';
const noJson = (place: string) => `${place}: found text that is not JSON; allowed: JSON without comments`;

const texts: Record<string, [text: string, ...faults: string[]]> = {
  'an empty file': ['', noJson('line 1, column 1')],
  'no JSON at all': ['level: 3', noJson('line 1, column 1')],
  'a cut-off file': ['{"level":', noJson('line 1, column 10')],
  'a cut-off object': ['{"level": 1', noJson('line 1, column 12')],
  'a list': ['[1]', `found a list; allowed: an object with ${keysAllowed}`],
  null: ['null', `found null; allowed: an object with ${keysAllowed}`],
  'a comment': ['{\n  "level": 1 // why\n}', noJson('line 2, column 14')],
  'a trailing comma': ['{"level": 1,\n}', noJson('line 2, column 1')],
  'garbage after the end': ['{"level": 1}\r\n{}', noJson('line 2, column 1')],
  'a key in single quotes': ["{'level': 1}", noJson('line 1, column 2')],
  'no colon': ['{"level" 1}', noJson('line 1, column 10')],
  'no comma': ['{"level": 1 "retry": {}}', noJson('line 1, column 13')],
  'an open string': ['{"level": "1\n}', noJson('line 1, column 11')],
  'keys given twice': [
    '{"level": 1,\n "level": 2, "retry": {"factor": 1, "factor": 2}}',
    'line 2, column 2: found the key "level" once more; allowed: each key once',
    'line 2, column 37: found the key "factor" once more; allowed: each key once',
  ],
  'a key given twice, once as null': [
    '{"level": 1, "level": null}',
    'line 1, column 14: found the key "level" once more; allowed: each key once',
  ],
  'brackets without end': ['['.repeat(100_000), 'found brackets nested too deeply to read; allowed: fewer brackets'],
  'keys that objects inherit': [
    '{"level": 1, "__proto__": {}, "constructor": 1}',
    `__proto__: found an unknown key; allowed: ${keysAllowed}`,
    `constructor: found an unknown key; allowed: ${keysAllowed}`,
  ],
};

test.each(Object.entries(texts))('%s is a fault with its place', (_, [text, ...faults]) => {
  expect(faultsOf(text)).toEqual(faults.map((fault) => `observability.json: ${fault}`));
});

const values: Record<string, [value: Record<string, unknown>, ...faults: string[]]> = {
  'no level': [{ level: undefined }, `level: found nothing; allowed: ${levelsAllowed}`],
  'a level out of range': [{ level: 6 }, `level: found 6; allowed: ${levelsAllowed}`],
  'a level in quotes': [{ level: '3' }, `level: found "3"; allowed: ${levelsAllowed}; did you mean 3?`],
  'a misspelt name of a level': [{ level: 'recovrable' }, `level: found "recovrable"; allowed: ${levelsAllowed}`],
  'a fraction of a level': [{ level: 1.5 }, `level: found 1.5; allowed: ${levelsAllowed}`],
  'a misspelt key': [{ retyr: {} }, `retyr: found an unknown key; allowed: ${keysAllowed}; did you mean retry?`],
  'a key like no other': [{ zzzzzz: 1 }, `zzzzzz: found an unknown key; allowed: ${keysAllowed}`],
  'a misspelt key of a section': [
    { deployment: { tokens: { isuer: '' } } },
    'deployment.tokens.isuer: found an unknown key; allowed: issuer, audience, roles; did you mean issuer?',
  ],
  'a key of the wrong case': [
    { sampling: { Percent: 1 } },
    'sampling.Percent: found an unknown key; allowed: percent; did you mean percent?',
  ],
  'an unknown key that is a secret': [
    { 'SharedAccessKey=abc123': 1 },
    `(hidden): found an unknown key; allowed: ${keysAllowed}`,
  ],
  'an unknown key that is an odd text': [
    { retry: { 'a b\n': 1 } },
    'retry["a b\\n"]: found an unknown key; allowed: attempts, firstDelaySeconds, factor, capSeconds, maxReplays',
  ],
  'a value that its module does not allow': [
    { sampling: { percent: 3 } },
    'sampling.percent: found 3; allowed: 1, 5, 50, 100',
  ],
  'a section of another kind': [{ sampling: 50 }, 'sampling: found 50; allowed: an object with percent'],
  'a fraction': [{ retry: { factor: 1.5 } }, 'retry.factor: found 1.5; allowed: a whole number'],
  'a number in quotes': [{ retry: { attempts: '5' } }, 'retry.attempts: found "5"; allowed: a whole number'],
  'a number out of range': [
    { slo: { availabilityBasisPoints: 10_000 } },
    'slo.availabilityBasisPoints: found 10000; allowed: at most 9999',
  ],
  'an objective whose fastest alert could never fire': [
    { slo: { availabilityBasisPoints: 9305 } },
    'slo.availabilityBasisPoints: found 9305; allowed: at least 9306: for a lower objective the fastest alert could never fire',
  ],
  'a misspelt choice': [
    { deployment: { topology: 'splt' } },
    'deployment.topology: found "splt"; allowed: "single", "split"; did you mean split?',
  ],
  'a truth in quotes': [{ deployment: { public: 'yes' } }, 'deployment.public: found "yes"; allowed: true or false'],
  'a header that HTTP does not allow': [
    { correlation: { header: 'x correlation' } },
    'correlation.header: found "x correlation"; allowed: the name of a header',
  ],
  'an address that is none': [
    { alerts: { email: 'ops' } },
    'alerts.email: found "ops"; allowed: an e-mail address, or "" for no mail',
  ],
  'an address that is no text': [
    { alerts: { email: 5 } },
    'alerts.email: found 5; allowed: an e-mail address, or "" for no mail',
  ],
  'an issuer without encryption': [
    { deployment: { tokens: { issuer: 'http://login.example.com', audience: 'a' } } },
    'deployment.tokens.issuer: found "http://login.example.com"; allowed: an https address, an http address on this machine, or ""',
  ],
  'a role that no token can carry': [
    {
      deployment: {
        tokens: { issuer: 'https://login.example.com', audience: 'a', roles: ['Files.Send', 'Files Read'] },
      },
    },
    'deployment.tokens.roles[1]: found "Files Read"; allowed: 1 to 120 letters, digits, dots, underscores, colons, slashes and hyphens',
  ],
  'unknown modules': [
    { modules: { add: ['evnts', null], remove: 'traces' } },
    `modules.add[0]: found "evnts"; allowed: ${modulesAllowed}; did you mean events?`,
    `modules.add[1]: found null; allowed: ${modulesAllowed}`,
    `modules.remove: found "traces"; allowed: a list`,
  ],
  'a module on whose needs are removed': [
    { level: 3, modules: { remove: ['traces'] } },
    'modules.remove: found "events" on and "traces", which it needs, off; allowed: both on or both off',
  ],
  'a module added and removed': [
    { modules: { add: ['classic'], remove: ['classic'] } },
    'modules: found "classic" in add and in remove; allowed: each in one of the two',
  ],
  'a connection string in the wrong place': [
    { deployment: { topology: 'Endpoint=sb://x;SharedAccessKey=abc123' } },
    'deployment.topology: found (hidden); allowed: "single", "split"',
  ],
};

test.each(Object.entries(values))('%s is a fault with what was found and what is allowed', (_, [value, ...faults]) => {
  expect(faultsOf({ level: 1, ...value })).toEqual(faults.map((fault) => `observability.json: ${fault}`));
});

test('all faults of file and variables are told together', () => {
  expect(faultsOf({ level: 7, sampling: { percent: 3 } }, { PORT: 'x', LOG_LEVEL: 'loud' })).toEqual([
    `observability.json: level: found 7; allowed: ${levelsAllowed}`,
    'observability.json: sampling.percent: found 3; allowed: 1, 5, 50, 100',
    'PORT: found "x"; allowed: a whole number from 0 to 65535',
    'LOG_LEVEL: found "loud"; allowed: debug, info, warning or error',
  ]);
});

test('a long text is cut and stays on one line', () => {
  const [fault] = faultsOf({ level: `${'x'.repeat(500)}\n` });
  expect(fault).toContain(`found "${'x'.repeat(76)}...; allowed`);
});
