import type { Drill } from '../drill-definition.ts';
import { authBurst } from './auth-burst.ts';
import { blackout } from './blackout.ts';
import { brokerErrors } from './broker-errors.ts';
import { brokerOutage } from './broker-outage.ts';
import { brokerThrottling } from './broker-throttling.ts';
import { calm } from './calm.ts';
import { crashAtStart } from './crash-at-start.ts';
import { dependencyDown } from './dependency-down.ts';
import { dependencyFlapping } from './dependency-flapping.ts';
import { dependencySlow } from './dependency-slow.ts';
import { expiredMessages } from './expired-messages.ts';
import { extraction } from './extraction.ts';
import { ingestionOutage } from './ingestion-endpoint-down.ts';
import { lockLoss } from './lock-loss.ts';
import { malformedMessage } from './malformed-message.ts';
import { memoryLeak } from './memory-leak.ts';
import { newReplayer } from './new-replayer.ts';
import { overQuota } from './over-quota.ts';
import { poisonMessage } from './poison-message.ts';
import { poisonProducer } from './poison-producer.ts';
import { regionLost } from './region-lost.ts';
import { retryStorm } from './retry-storm.ts';
import { silentConsumer } from './silent-consumer.ts';
import { silentJob } from './silent-job.ts';
import { siteUnreachable } from './site-unreachable.ts';
import { telemetrySilent } from './telemetry-silent.ts';
import { trafficBurst } from './traffic-burst.ts';
import { workerCrash } from './worker-crash.ts';

/** Every drill, in the order in which `npm run drill -- all` runs them: the longest first. */
export const drills: readonly Drill[] = [
  silentConsumer,
  workerCrash,
  dependencySlow,
  dependencyDown,
  dependencyFlapping,
  retryStorm,
  poisonMessage,
  malformedMessage,
  authBurst,
  poisonProducer,
  newReplayer,
  expiredMessages,
  lockLoss,
  regionLost,
  brokerOutage,
  brokerErrors,
  brokerThrottling,
  trafficBurst,
  crashAtStart,
  siteUnreachable,
  memoryLeak,
  ingestionOutage,
  overQuota,
  telemetrySilent,
  blackout,
  silentJob,
  extraction,
  calm,
];
