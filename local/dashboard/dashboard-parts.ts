import type { LiveAlerts } from '../alerts/index.ts';
import type { ApplicationInsights } from '../application-insights/index.ts';
import type { LocalBusiness } from '../business/local-business.ts';
import type { StandIns } from '../control/controlled-stand-ins.ts';
import type { KqlEngine } from '../kql/index.ts';
import type { PlatformMetrics } from '../platform-metrics/index.ts';
import type { ServiceBus } from '../service-bus/index.ts';
import type { RunState } from './api/contract.ts';

/** The service of this run, as the page sees and switches it. */
export interface ControlledService {
  facts(): Omit<RunState, 'sampling' | 'businesses'> & {
    /** What `observability.json` or a variable says. */
    fileLevel: number;
    /** What this run was switched to. */
    switchedTo: number | undefined;
  };
  /** Starts the service anew at a level; `undefined`: as the file says. Writes no file. */
  switchTo(level: number | undefined): void;
  /** The run file, for commands; undefined before the service is published. */
  runFile(): string | undefined;
}

/** What the page shows and changes. */
export interface DashboardParts {
  /** The checkout. */
  root: string;
  /** Of the run: what changes something must carry it. */
  token: string;
  service: ControlledService;
  kql: Pick<KqlEngine, 'run' | 'translate' | 'complete'>;
  telemetry: Pick<ApplicationInsights, 'workspace' | 'counts'>;
  /** Absent where the service has no queue and no topic. */
  serviceBus: Pick<ServiceBus, 'entities' | 'receivers' | 'connectionString'> | undefined;
  platformMetrics: Pick<PlatformMetrics, 'readMetric'>;
  /** Absent where no rule is evaluated. */
  alerts?: Pick<LiveAlerts, 'rules' | 'payload'>;
  businesses: readonly LocalBusiness[];
  switches: StandIns['switches'];
  ledger: StandIns['ledger'];
  now(): Date;
}
