import { expect, test } from 'vitest';
import type { AlertNotice } from '../../alerts/index.ts';
import { UsageError } from '../command.ts';
import { plain } from '../for-eyes.ts';
import { describeAlert, webhookValue } from './checkout-alerts.ts';

const notice: AlertNotice = {
  rule: {
    name: 'dead-letters-local',
    rule: 'dead-letters',
    kind: 'metricAlerts',
    module: 'basic-alerts',
    title: 'Messages lie in a dead-letter queue',
    feels: 'The senders.',
    firstAction: 'List them.',
    runbook: 'docs/runbooks/basic-alerts/dead-letters.md',
    severity: 3,
    frequency: 'PT5M',
    window: 'PT15M',
    target: 'Microsoft.ServiceBus/namespaces',
    group: 'ag-basic',
    properties: {},
  },
  id: '1',
  monitorCondition: 'Fired',
  at: new Date('2026-11-22T10:00:00Z'),
  firedAt: new Date('2026-11-22T10:00:00Z'),
  dimensions: [{ name: 'EntityName', value: 'parcels' }],
  values: [2.126, undefined],
  muted: false,
};

test('an alert is one line: what, who feels it, what to do first, where to read on', () => {
  expect(describeAlert(notice, plain)).toMatch(
    /^\d\d:\d\d:\d\d alert {3}Fired, severity 3: Messages lie in a dead-letter queue \(EntityName parcels, 2\.13\) {2}Who feels it: The senders\. {2}First action: List them\. {2}docs\/runbooks\/basic-alerts\/dead-letters\.md\n$/,
  );
  expect(describeAlert({ ...notice, muted: true }, plain)).toContain('Fired, severity 3, muted: ');
});

test('one that is resolved says no more than that', () => {
  const line = describeAlert({ ...notice, monitorCondition: 'Resolved', dimensions: [], values: [] }, plain);
  expect(line).toMatch(/alert {3}Resolved: Messages lie in a dead-letter queue \(dead-letters\) {2}docs\/\S+\.md\n$/);
});

test('a webhook that is not on this machine is a wrong usage', () => {
  expect(webhookValue(undefined)).toBeUndefined();
  expect(webhookValue('http://localhost:9/x')?.href).toBe('http://localhost:9/x');
  expect(() => webhookValue('https://hooks.example/x')).toThrow(UsageError);
});
