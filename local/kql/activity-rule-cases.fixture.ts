import { casesOf, type RuleCase, ruleClock } from './alert-rule-cases.fixture.ts';
import { azureRows, type WrittenColumns } from './azure-rows.fixture.ts';

const { activity } = azureRows(ruleClock);

/** The columns of an entry as Azure writes it: the operation in capitals, the group too. */
const entry = (OperationNameValue: string, columns: Partial<WrittenColumns> = {}) =>
  activity({
    ...{ minutesAgo: 30, OperationNameValue: OperationNameValue.toUpperCase(), CategoryValue: 'Administrative' },
    ...{
      Caller: 'ann@example.com',
      CallerIpAddress: '192.0.2.7',
      CorrelationId: 'c1',
      _ResourceId: '/subscriptions/s/r',
    },
    ...columns,
  });
const ruleDeleted = 'Microsoft.Insights/scheduledQueryRules/delete';
const namespaceWritten = 'Microsoft.ServiceBus/namespaces/write';
const settingDeleted = 'Microsoft.Insights/diagnosticSettings/delete';
const deployment = (minutesAgo: number) => entry('Microsoft.Resources/deployments/write', { minutesAgo });
const ann = ['ann@example.com,192.0.2.7'];

/** Rows for the analytics rule on the activity log, of the form that Azure documents. */
export const activityRuleCases: readonly RuleCase[] = casesOf('guard-rails-weakened', [
  ['fires', 'an alert rule that is deleted', [entry(ruleDeleted)], ann],
  [
    'fires',
    'an analytics rule that a deployment deletes',
    [deployment(31), entry('Microsoft.SecurityInsights/alertRules/delete')],
    ann,
  ],
  [
    'fires',
    'the setting of the subscription, which is in no group',
    [entry(settingDeleted, { ResourceGroup: '' })],
    ann,
  ],
  [
    'fires',
    'that setting, changed by hand',
    [entry('Microsoft.Insights/diagnosticSettings/write', { ResourceGroup: '' })],
    ann,
  ],
  ['fires', 'a namespace that is changed by hand', [entry(namespaceWritten)], ann],
  ['fires', 'alerts that are sent to another address', [entry('Microsoft.Insights/actionGroups/write')], ann],
  ['fires', 'rows that are kept for less time', [entry('Microsoft.OperationalInsights/workspaces/tables/write')], ann],
  ['fires', 'incidents that a rule may close', [entry('Microsoft.SecurityInsights/automationRules/write')], ann],
  ['fires', 'a role that is taken away by hand', [entry('Microsoft.Authorization/roleAssignments/delete')], ann],
  [
    'fires',
    'a key of the namespace that is read',
    [entry('Microsoft.ServiceBus/namespaces/authorizationRules/listKeys/action')],
    ann,
  ],
  ['fires', 'a role that is given by hand', [entry('Microsoft.Authorization/roleAssignments/write')], ann],
  [
    'fires',
    'a change by hand beside a deployment',
    [deployment(20), entry(namespaceWritten, { CorrelationId: 'c2' })],
    ann,
  ],
  [
    'fires',
    'two addresses of one caller',
    [entry(ruleDeleted), entry(ruleDeleted, { CallerIpAddress: '192.0.2.8' })],
    [...ann, 'ann@example.com,192.0.2.8'],
  ],
  ['is quiet', 'a namespace that a deployment writes', [deployment(31), entry(namespaceWritten)], []],
  [
    'is quiet',
    'the setting of the subscription, when a deployment writes it',
    [deployment(31), entry('Microsoft.Insights/diagnosticSettings/write', { ResourceGroup: '' })],
    [],
  ],
  ['is quiet', 'a deletion that failed', [entry(ruleDeleted, { ActivityStatusValue: 'Failure' })], []],
  ['is quiet', 'a deletion that begins', [entry(ruleDeleted, { ActivityStatusValue: 'Start' })], []],
  ['is quiet', 'another group of the subscription', [entry(ruleDeleted, { ResourceGroup: 'RG-OTHER' })], []],
  [
    'is quiet',
    'a role at the subscription',
    [entry('Microsoft.Authorization/roleAssignments/write', { ResourceGroup: '' })],
    [],
  ],
  ['is quiet', 'a container app that gets another image', [entry('Microsoft.App/containerApps/write')], []],
  ['exactly at the threshold', 'an entry of an hour and a minute ago', [entry(ruleDeleted, { minutesAgo: 61 })], []],
  ['no rows', '', [], []],
]);
