import { loggedErrors, whyDeadLettered } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { repeatEvery } from '../repeat-every.ts';

export const poisonMessage: Drill = {
  name: 'poison-message',
  question: 'A handler can never do some messages: do they block the others, and who learns why?',
  needs: ['queue', 'poison'],
  begin: () => undefined,
  during: ({ load, checkout }, signal) => {
    const poison = checkout.business.requests?.drill?.poison;
    if (!poison)
      throw new Error(`The business ${checkout.business.name} describes no poison message: add "drill.poison".`);
    return repeatEvery(500, signal, (turn) => load.send(poison(`poison-${Date.now()}-${turn}`)));
  },
  end: () => undefined,
  mustFire: [
    { rule: 'dead-letters', from: 1, why: 'Each of them ends in the dead-letter queue.' },
    { rule: 'exception-spike', from: 4, why: 'The same error, which was never there before, is logged for each.' },
  ],
  mayFire: [{ rule: 'dead-letter-poisoning', from: 5, why: 'All of them are of one producer.' }],
  signals: [loggedErrors, whyDeadLettered],
};
