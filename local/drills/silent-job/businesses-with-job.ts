import type { Business } from '../../../src/platform/business.ts';

/** The list that this one stands for is named in the address, so that the hook of `with-job.preload.ts` can give it. */
const given = new URL(import.meta.url).searchParams.get('list');
const { businesses: own } = (await import(String(given))) as { businesses: readonly Business[] };

/** How the job of the drill runs: the environment of a process says it. */
const hangs = process.env.DRILL_JOB === 'hangs';

const drilled: Business = {
  name: 'drill',
  start({ every }) {
    every('drilled-job', 1, () => (hangs ? new Promise(() => {}) : Promise.resolve()));
  },
};

export const businesses: readonly Business[] = [...own, drilled];
