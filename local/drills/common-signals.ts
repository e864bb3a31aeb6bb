import type { Signal } from './drill-definition.ts';

/** What an operator looks at in more than one drill. */
export const failedCalls: Signal = {
  question: 'Which calls fail?',
  query: `AppDependencies
| where Success == false and DependencyType != "InProc" and isnotempty(Target)
| summarize calls = sum(ItemCount) by Target
| top 1 by calls
| project answer = strcat(calls, " failed calls of ", Target)`,
};

export const failedRequests: Signal = {
  question: 'Which requests fail?',
  query: `AppRequests
| where toint(ResultCode) >= 500
| summarize requests = sum(ItemCount) by Name, ResultCode
| top 1 by requests
| project answer = strcat(requests, " times ", ResultCode, " for ", Name)`,
};

export const slowestCalls: Signal = {
  question: 'How long do calls take?',
  query: `AppDependencies
| where DependencyType startswith "HTTP" or DependencyType startswith "Http"
| summarize slowest = max(DurationMs) by Target
| top 1 by slowest
| project answer = strcat("up to ", tolong(slowest), " ms at ", Target)`,
};

export const messageSteps: Signal = {
  question: 'What became of the messages?',
  query: `AppEvents
| where Name startswith "message." and Name !in ("message.queued", "message.attempted")
| summarize messages = dcount(tostring(Properties.messageId)) by step = substring(Name, 8)
| order by messages desc
| summarize steps = make_list(strcat(messages, " ", step))
| where array_length(steps) > 0
| project answer = strcat_array(steps, ", ")`,
};

export const loggedErrors: Signal = {
  question: 'Which error is logged?',
  query: `union (AppExceptions | project Text = strcat(ExceptionType, ": ", OuterMessage), ItemCount),
    (AppTraces | where SeverityLevel >= 2 | project Text = Message, ItemCount)
| summarize times = sum(ItemCount) by Text
| top 1 by times
| project answer = strcat(times, " times: ", substring(Text, 0, 100))`,
};

export const whyDeadLettered: Signal = {
  question: 'Why are messages dead-lettered?',
  query: `AppEvents
| where Name == "message.deadLettered"
| summarize messages = dcount(tostring(Properties.messageId)) by reason = tostring(Properties.reason)
| top 1 by messages
| project answer = strcat(messages, " messages: ", reason)`,
};

export const waitingMessages: Signal = {
  question: 'How many messages wait, and for how long?',
  query: `AppMetrics
| where Name in ("servicebus.messages.active", "servicebus.oldest_message.age")
| summarize most = max(Max) by Name
| summarize active = maxif(most, Name endswith "active"), oldest = maxif(most, Name endswith "age")
| where isnotnull(active) or isnotnull(oldest)
| project answer = strcat(tolong(active), " messages, the oldest for ", tolong(oldest), " s")`,
};

export const containerEnds: Signal = {
  question: 'Does the container end?',
  query: `ContainerAppSystemLogs
| where Reason == "ContainerTerminated" and Log !has "ManuallyStopped"
| summarize ends = count(), log = take_any(Log)
| where ends > 0
| project answer = strcat(ends, " times: ", log)`,
};

export const lastWords: Signal = {
  question: 'What did the container write last?',
  query: `ContainerAppConsoleLogs
| where isnotempty(Log)
| top 3 by TimeGenerated
| order by TimeGenerated asc
| summarize lines = make_list(Log)
| where array_length(lines) > 0
| project answer = substring(strcat_array(lines, " "), 0, 160)`,
};

export const newestRow: Signal = {
  question: 'When did the service last report?',
  query: `union AppRequests, AppDependencies, AppTraces, AppMetrics
| summarize rows = count(), newest = max(TimeGenerated), oldest = min(TimeGenerated)
| project answer = strcat(rows, " rows over ", tolong((newest - oldest) / 1s), " s")`,
};

export const repeatedAttempts: Signal = {
  question: 'How many attempts are repetitions?',
  query: `AppEvents
| where Name == "message.attempted"
| summarize attempts = count(), repeated = countif(tolong(Measurements.attempt) > 1 or tolong(Measurements.delivery) > 1)
| where attempts > 0
| project answer = strcat(repeated, " of ", attempts, " attempts")`,
};
