import { type GeneratedFiles, generateAlertRules } from './generate-alert-rules.ts';
import { generateDashboards } from './generate-dashboards.ts';

/** What Bicep loads and the tables for people: made from the `.kql` files and the table of metric rules, without a compiler. */
export const generateInfra = async (): Promise<GeneratedFiles> => ({
  ...(await generateAlertRules()),
  ...(await generateDashboards()),
});
