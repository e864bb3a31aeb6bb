/** THE SAMPLE, wherever it has something. `npm run init` removes it. */
export const sample = {
  name: { plural: 'file-router', singular: 'file-router' },
  queues: ['files'],
};
