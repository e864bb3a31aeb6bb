import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import {
  announceDelivery,
  announceFound,
} from '../../../../../src/observability/modules/custom-events/message-events.ts';
import { setUp } from '../../../../../src/observability/modules/security-events/index.ts';
import type { Delivery, ReceivedMessage } from '../../../../../src/platform/messaging.ts';
import { recordedLog } from '../../../../../test/platform/recorded-log.ts';
import { startApplicationInsights } from '../../../../application-insights/index.ts';

const message = (sequenceNumber: number, deadLetterReason?: string) =>
  ({ messageId: 'm', sequenceNumber, deadLetterReason, applicationProperties: {} }) as unknown as ReceivedMessage;
const handles = 'parcels';

test('a dead letter counts once, though it is announced when it is made and found again later', async () => {
  const insights = await startApplicationInsights({ withSecurityLogs: true });
  onTestFinished(() => insights.stop());
  const { endpoint = '', rule = '', certificate = '' } = insights.securityLogs ?? {};
  setDefaultCACertificates([...rootCertificates, certificate]);
  const log = recordedLog();
  const { start, stop } = await setUp({
    section: { everySeconds: 60 },
    service: { name: 's', version: '1', instance: 'i', roles: ['worker'] },
    level: 5,
    settings: { region: '' },
    variables: { SECURITY_LOGS_ENDPOINT: endpoint, SECURITY_LOGS_RULE: rule, PERSONAL_DATA_KEY: 'k'.repeat(32) },
    clock: { now: () => new Date() },
    log,
  } as unknown as Parameters<typeof setUp>[0]);
  await start?.({} as never);

  const reason = 'MaxDeliveryCountExceeded';
  const delivery = { message: message(1), handles } as Delivery;
  await announceDelivery(delivery, async () => ({ kind: 'dead-letter', reason, description: '' }));
  announceFound({ message: message(1, reason), handles });
  announceFound({ message: message(2, 'TTLExpiredException'), handles });
  await announceDelivery({ message: message(3), handles } as Delivery, async () => ({ kind: 'complete' }));
  await stop?.(AbortSignal.timeout(5_000));
  announceFound({ message: message(4, 'TTLExpiredException'), handles });

  const rows = insights.rows('ServiceSecurity_CL').filter(({ Event }) => Event === 'dead-lettered');
  expect(rows.map(({ Reason, Source, Producer, Calls }) => [Reason, Source, Producer, Calls])).toEqual([
    [reason, 'parcels', 'unknown', 1],
    ['TTLExpiredException', 'parcels', 'unknown', 1],
  ]);
  expect(log.lines).toEqual([]);
});
