import { randomUUID } from 'node:crypto';
import type { Drill } from '../drill-definition.ts';
import { usualRequests } from '../drill-load.ts';
import { repeatEvery } from '../repeat-every.ts';

const refusedRequests = {
  question: 'How many requests are refused for their token?',
  query: `AppRequests
| where ResultCode in ("401", "403")
| summarize requests = sum(ItemCount)
| where requests > 0
| project answer = strcat(requests, " requests")`,
};
const refusedClients = {
  question: 'Are they of one client?',
  query: `ServiceSecurity_CL
| where Event in ("authentication-failed", "authorization-refused")
| summarize calls = sum(Calls) by Fingerprint
| summarize clients = dcount(Fingerprint), most = max(calls), calls = sum(calls)
| where calls > 0
| project answer = strcat(most, " of ", calls, " calls are of one client, of ", clients)`,
};

export const authBurst: Drill = {
  name: 'auth-burst',
  question: 'A client tries one token after the other: does anyone hear of it, and is it one client?',
  from: 4,
  needs: ['queue', 'callers', 'tokens'],
  tokens: true,
  begin: () => undefined,
  during({ load, checkout }, signal) {
    const usual = usualRequests(checkout.business, randomUUID());
    return repeatEvery(100, signal, async (turn) => {
      const { value: request } = usual.next();
      if (!request || 'target' in request) return;
      const headers = { ...request.headers, authorization: `Bearer guess-${turn}`, 'user-agent': 'guesser/1.0' };
      load.send({ ...request, headers });
    });
  },
  end: () => undefined,
  mustFire: [
    { rule: 'authentication-failure-burst', from: 5, why: 'More than fifty calls of one client have no valid token.' },
  ],
  signals: [refusedRequests, refusedClients],
};
