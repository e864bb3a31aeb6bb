import { expect, onTestFinished, test } from 'vitest';
import {
  announceDelivery,
  announceFound,
} from '../../../../../src/observability/modules/custom-events/message-events.ts';
import type { Delivery, ReceivedMessage } from '../../../../../src/platform/messaging.ts';
import { startApplicationInsights } from '../../../../application-insights/index.ts';
import { startModule } from './started-module.ts';

const message = (sequenceNumber: number, deadLetterReason?: string) =>
  ({ messageId: 'm', sequenceNumber, deadLetterReason, applicationProperties: {} }) as unknown as ReceivedMessage;
const handles = 'parcels';

test('a dead letter counts once, though it is announced when it is made and found again later', async () => {
  const insights = await startApplicationInsights({ withSecurityLogs: true });
  onTestFinished(() => insights.stop());
  const { log, stop } = await startModule(insights);

  const reason = 'MaxDeliveryCountExceeded';
  const delivery = { message: message(1), handles } as Delivery;
  await announceDelivery(delivery, async () => ({ kind: 'dead-letter', reason, description: '' }));
  announceFound({ message: message(1, reason), handles });
  announceFound({ message: message(2, 'TTLExpiredException'), handles });
  await announceDelivery({ message: message(3), handles } as Delivery, async () => ({ kind: 'complete' }));
  await stop(AbortSignal.timeout(5_000));
  announceFound({ message: message(4, 'TTLExpiredException'), handles });

  const rows = insights.rows('ServiceSecurity_CL').filter(({ Event }) => Event === 'dead-lettered');
  expect(rows.map(({ Reason, Source, Producer, Calls }) => [Reason, Source, Producer, Calls])).toEqual([
    [reason, 'parcels', 'unknown', 1],
    ['TTLExpiredException', 'parcels', 'unknown', 1],
  ]);
  expect(log.lines).toEqual([]);
});
