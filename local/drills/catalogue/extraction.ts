import { runExtraction } from '../../extraction/drill/run-extraction.ts';
import { recordExtraction } from '../../extraction/measure/record-extraction.ts';
import type { Drill } from '../drill-definition.ts';

export const extraction: Drill = {
  name: 'extraction',
  question:
    'One customer collects the answers through 2,667 accounts, none of which calls more than others: who notices?',
  needs: ['callers', 'tokens'],
  from: 4,
  run: runExtraction,
  record: recordExtraction,
  begin: () => undefined,
  end: () => undefined,
  mustFire: [
    {
      rule: 'extraction-shared-fingerprint',
      from: 5,
      why: 'Each of 100 clients works some thirty young accounts day and night.',
    },
    {
      rule: 'extraction-young-accounts',
      from: 5,
      why: 'Accounts that were opened on one day call the same route alike.',
    },
    {
      rule: 'extraction-switch-after-limit',
      from: 5,
      why: 'Two hours after a limit all of them leave the route for another.',
    },
  ],
  signals: [
    {
      question: 'Which share of the accounts that call was not there on the first of fourteen days?',
      query: `let since = ago(14d);
ServiceSecurity_CL
| where TimeGenerated > since and Event == "caller-seen"
| summarize begun = min(TimeGenerated) by Caller
| summarize young = countif(begun > since + 1d), all = count()
| where all > 0
| project strcat(young, " of ", all)`,
    },
  ],
};
