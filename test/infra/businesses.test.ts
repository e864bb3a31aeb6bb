import { expect } from 'vitest';
import schema from '../../infra/observability/log-analytics-schema.json' with { type: 'json' };
import { createKqlChecker } from '../../tools/bicep/check-kql.ts';
import { compileTemplates } from '../../tools/bicep/predictions.ts';
import { rehearse } from '../../tools/bicep/rehearse.ts';
import { oneAfterOther } from '../../tools/bicep/template-order.ts';
import { type DeployedBusiness, deployedWork } from '../../tools/generate/business-settings-files.ts';
import { businesses as httpAlone } from '../fixture-forms/http-alone/index.ts';
import httpAloneEntities from '../fixture-forms/http-alone/queues.json' with { type: 'json' };
import { businesses as several } from '../fixture-forms/several/index.ts';
import severalEntities from '../fixture-forms/several/queues.json' with { type: 'json' };
import { businesses as topicAlone } from '../fixture-forms/topic-alone/index.ts';
import topicAloneEntities from '../fixture-forms/topic-alone/queues.json' with { type: 'json' };
import { businesses as workerAlone } from '../fixture-forms/worker-alone/index.ts';
import workerAloneEntities from '../fixture-forms/worker-alone/queues.json' with { type: 'json' };
import { copyInfra, predict, testWithCompiler } from './bicep.ts';
import { ofModule } from './present-modules.ts';
import { containerApp, nameOf } from './snapshots.ts';

type Work = ReturnType<typeof deployedWork>;
interface Entities {
  queues: object;
  topics: Readonly<Record<string, { subscriptions: object }>>;
}

const nothing: Work = { routes: false, handlers: false, apiSends: false, workerSends: false };

/** A copy of `infra/` in which the businesses do something else; without queues unless they are given. */
const copyWith = (does: Partial<Work>, entities: object = httpAloneEntities) =>
  copyInfra({
    'infra/workload/businesses.json': JSON.stringify({ ...nothing, ...does }),
    'infra/queues.json': JSON.stringify(entities),
  });

for (const level of [1, 4]) {
  testWithCompiler(
    `at level ${level} a service without queues has no Service Bus, nor anything that refers to one`,
    async (compiler) => {
      const folder = await copyWith(deployedWork(httpAlone));
      const snapshot = await predict(compiler, folder, { config: `{ level: ${level} }` });
      const strangers = snapshot.predictedResources.filter((resource) =>
        /Microsoft\.ServiceBus|sbns-|DeadletteredMessages/.test(JSON.stringify(resource)),
      );
      expect(strangers.map(nameOf)).toEqual([]);
      expect(snapshot.diagnostics).toEqual([]);
      expect(containerApp(snapshot, 'app')?.env).not.toHaveProperty('SERVICEBUS_NAMESPACE');
      expect(snapshot.outputs.SERVICEBUS_NAMESPACE).toBe('');
      const names = snapshot.predictedResources.map(nameOf);
      expect(
        names.filter((name) =>
          /consumer-stalled|message-latency|backlog|throttled|dead-letters|operational-logs/.test(name),
        ),
      ).toEqual([]);
      const compiled = await compileTemplates(compiler, folder);
      const read = (name: string) => JSON.parse(compiled[`infra/${name}.json`] ?? '');
      const template = oneAfterOther(read('main'), read('app'));
      expect(rehearse({ snapshot, template, checkKql: createKqlChecker(schema) }).faults).toEqual([]);
    },
  );
}

const withQueues: readonly [form: string, businesses: readonly DeployedBusiness[], entities: Entities][] = [
  ['a worker alone', workerAlone, workerAloneEntities],
  ['a topic alone', topicAlone, topicAloneEntities],
  ['several businesses', several, severalEntities],
];
for (const [form, businesses, entities] of withQueues) {
  testWithCompiler(`a service with ${form} has a Service Bus with its entities`, async (compiler) => {
    const folder = await copyWith(deployedWork(businesses), entities);
    const { predictedResources, diagnostics } = await predict(compiler, folder, { config: '{ level: 2 }' });
    expect(diagnostics).toEqual([]);
    const names = predictedResources.map(nameOf);
    expect(names).toEqual(
      expect.arrayContaining(['namespaces: sbns', ...ofModule('basic-alerts', ['metricAlerts: dead-letters'])]),
    );
    expect(names.filter((name) => /^(queues|topics|subscriptions): /.test(name)).sort()).toEqual(namesIn(entities));
  });
}

function namesIn({ queues, topics }: Entities): string[] {
  const subscriptions = Object.entries(topics).flatMap(([topic, { subscriptions }]) =>
    Object.keys(subscriptions).map((subscription) => `subscriptions: sbns/${topic}/${subscription}`),
  );
  const ofNames = (kind: string, entities: object) => Object.keys(entities).map((name) => `${kind}: sbns/${name}`);
  return [...ofNames('queues', queues), ...ofNames('topics', topics), ...subscriptions].sort();
}

const refused: readonly [what: string, does: Partial<Work>, topology: string, sentence: RegExp][] = [
  [
    'handlers without a queue',
    { handlers: true },
    'single',
    /handles messages and infra\/queues\.json names no queue and no topic: name them there/,
  ],
  ['routes that send without a queue', { routes: true, apiSends: true }, 'single', /names no queue and no topic/],
  [
    'a worker without handlers',
    { routes: true },
    'split',
    /topology is split and no business has handlers, .*nothing for a worker to do: set it to single/,
  ],
  [
    'an app for callers without routes',
    { handlers: true },
    'split',
    /topology is split and no business has routes, .*answers callers to do: set it to single/,
  ],
];
for (const [what, does, topology, sentence] of refused) {
  testWithCompiler(`${what} stops the deployment with a sentence`, async (compiler) => {
    const folder = await copyWith(does);
    const config = `{ level: 1, deployment: { topology: '${topology}' } }`;
    await expect(predict(compiler, folder, { config })).rejects.toThrow(sentence);
  });
}
