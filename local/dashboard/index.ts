export type { ControlledService } from './dashboard-parts.ts';
export { startDashboard } from './start-dashboard.ts';
