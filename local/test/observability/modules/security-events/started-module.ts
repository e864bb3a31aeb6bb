import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { setUp } from '../../../../../src/observability/modules/security-events/index.ts';
import { recordedLog } from '../../../../../test/platform/recorded-log.ts';
import type { ApplicationInsights } from '../../../../application-insights/index.ts';

/** The module in this process, started with the Logs Ingestion endpoint of `insights`. */
export async function startModule({ securityLogs }: ApplicationInsights) {
  const { endpoint = '', rule = '', certificate = '' } = securityLogs ?? {};
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
  return { log, stop: (deadline: AbortSignal) => Promise.resolve(stop?.(deadline)) };
}
