import { join } from 'node:path';
import { type TestedDashboard, testedDashboard } from '../dashboard.fixture.ts';
import { launchBrowser } from '../installed-browser.ts';
import type { Bench } from './browser.fixture.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

export interface PageOnStandIns extends Bench {
  tested: TestedDashboard;
}

/** The page on real stand-ins without a service, which is there in a second: a test puts rows and messages there itself. */
export async function startPageOnStandIns(
  options: Omit<NonNullable<Parameters<typeof testedDashboard>[0]>, 'pageFiles'> = {},
): Promise<PageOnStandIns> {
  const tested = await testedDashboard({ root: repository, ...options, pageFiles: import.meta.dirname });
  try {
    const browser = await launchBrowser();
    const stop = () => Promise.all([browser.close(), tested.stop()]).then(() => undefined);
    return { tested, browser, run: { dashboard: tested.url }, stop };
  } catch (error) {
    await tested.stop();
    throw error;
  }
}
