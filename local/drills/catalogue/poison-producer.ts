import { whyDeadLettered } from '../common-signals.ts';
import type { Drill } from '../drill-definition.ts';
import { repeatEvery } from '../repeat-every.ts';

const producers = {
  question: 'Who sent what is dead-lettered?',
  query: `ServiceSecurity_CL
| where Event == "dead-lettered"
| summarize dead = sum(Calls) by Producer
| summarize producers = dcount(Producer), most = max(dead), all = sum(dead)
| where all > 0
| project answer = strcat(most, " of ", all, " dead letters are of one producer, of ", producers)`,
};

export const poisonProducer: Drill = {
  name: 'poison-producer',
  question: 'One caller of many sends messages that no handler can do: does anyone hear who it is?',
  from: 4,
  needs: ['queue', 'callers', 'poison', 'tokens'],
  tokens: true,
  begin: () => undefined,
  during: ({ load, checkout, callers }, signal) =>
    repeatEvery(250, signal, async (turn) => {
      const request = checkout.business.requests?.drill?.poison?.(`poison-${Date.now()}-${turn}`);
      if (request && !('target' in request)) load.send(await callers.signAs('four', request));
    }),
  end: () => undefined,
  mustFire: [
    { rule: 'dead-letters', from: 1, why: 'Each of them ends in the dead-letter queue.' },
    { rule: 'dead-letter-poisoning', from: 5, why: 'All of them are of one producer.' },
  ],
  mayFire: [
    { rule: 'exception-spike', from: 4, why: 'The same error, which was never there before, is logged for each.' },
  ],
  signals: [whyDeadLettered, producers],
};
