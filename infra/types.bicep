import { moduleName } from 'observability/module-names.bicep'

@export()
@description('The toggles of observability.json. Left out or null: the default from observability/defaults.json.')
@sealed()
type observabilityConfig = {
  @description('Optional. The JSON schema for editors; means nothing here.')
  '$schema': string?

  @description('Required. The rung of the ladder.')
  level: 1 | 2 | 3 | 4 | 5

  @description('Optional. Modules to switch on or off beside the level.')
  modules: moduleSection?

  @description('Optional. Sampling of traces, done in the service.')
  sampling: samplingSection?

  @description('Optional. Log lines.')
  logs: logsSection?

  @description('Optional. Correlation of one file through all its steps.')
  correlation: correlationSection?

  @description('Optional. Retries of failed messages.')
  retry: retrySection?

  @description('Optional. Who is told.')
  alerts: alertsSection?

  @description('Optional. Service level objectives.')
  slo: sloSection?

  @description('Optional. Limits on what telemetry may cost.')
  cost: costSection?

  @description('Optional. Shape of the deployment.')
  deployment: deploymentSection?

  @description('Optional. The answers that the level was chosen by; means nothing here.')
  assessment: assessmentSection?
}

@description('Modules to switch on or off beside the level.')
@sealed()
type moduleSection = {
  @description('Optional. Modules of a higher level to switch on.')
  add: moduleName[]?

  @description('Optional. Modules of the level to switch off.')
  remove: moduleName[]?
}

@description('Sampling of traces.')
@sealed()
type samplingSection = {
  @description('Optional. Share of traces that is kept; one row then stands for a whole number of them.')
  percent: (1 | 2 | 4 | 5 | 10 | 20 | 25 | 50 | 100)?
}

@description('Log lines.')
@sealed()
type logsSection = {
  @description('Optional. What standard output carries on Azure.')
  console: ('warnings' | 'all')?
}

@description('Correlation of one file through all its steps.')
@sealed()
type correlationSection = {
  @description('Optional. The HTTP header that carries the correlation id.')
  @minLength(1)
  header: string?
}

@description('Retries of failed messages.')
@sealed()
type retrySection = {
  @description('Optional. Attempts in all.')
  @minValue(1)
  attempts: int?

  @description('Optional. Delay before the second attempt, in seconds.')
  @minValue(1)
  firstDelaySeconds: int?

  @description('Optional. Each delay is this many times the one before.')
  @minValue(1)
  factor: int?

  @description('Optional. The longest delay, in seconds.')
  @minValue(1)
  capSeconds: int?

  @description('Optional. Replays from the dead-letter queue before a message is parked.')
  @minValue(0)
  maxReplays: int?

  @description('Optional. Age at which a message that still fails is dead-lettered, however few its attempts, in hours.')
  @minValue(1)
  giveUpAfterHours: int?
}

@description('Who is told.')
@sealed()
type alertsSection = {
  @description('Optional. The address that all alerts go to; empty: nobody is told, and an output says so.')
  email: string?
}

@description('Service level objectives.')
@sealed()
type sloSection = {
  @description('Optional. Share of requests that must succeed, in hundredths of a percent.')
  @minValue(1)
  @maxValue(9999)
  availabilityBasisPoints: int?

  @description('Optional. What callers accept as the duration of a request, in milliseconds.')
  @minValue(1)
  latencyMs: int?

  @description('Optional. What callers accept as the time from acceptance to delivery of a file, in seconds.')
  @minValue(1)
  fileLatencySeconds: int?
}

@description('Limits on what telemetry may cost.')
@sealed()
type costSection = {
  @description('Optional. Daily cap of the workspace, in MB: a seat belt, not a cost control.')
  @minValue(23)
  dailyCapMb: int?

  @description('Optional. Monthly budget of the resource group, in the currency of the subscription.')
  @minValue(1)
  monthlyBudget: int?
}

@description('Shape of the deployment.')
@sealed()
type deploymentSection = {
  @description('Optional. One container app for both roles, or one for each.')
  topology: ('single' | 'split')?

  @description('Optional. Whether the service is reachable from the internet.')
  public: bool?

  @description('Optional. Whether a public service may go without tokens or roles.')
  allowAnonymous: bool?

  @description('Optional. Who issues the bearer tokens that callers send.')
  tokens: tokensSection?

  @description('Optional. A second region for level 5; empty: none.')
  secondRegion: string?

  @description('Optional. The availability test of level 4, which exists only where the service is public.')
  availabilityTest: availabilityTestSection?
}

@description('Bearer tokens.')
@sealed()
type tokensSection = {
  @description('Optional. The issuer of the tokens.')
  issuer: string?

  @description('Optional. The audience of the tokens.')
  audience: string?

  @description('Optional. The app roles and scopes that may call: a token must carry one. None: every access token passes.')
  roles: string[]?
}

@description('The availability test.')
@sealed()
type availabilityTestSection = {
  @description('Optional. Minutes between two runs from one location.')
  everyMinutes: (5 | 10 | 15)?

  @description('Optional. From how many locations the service is tried.')
  @minValue(1)
  @maxValue(5)
  locations: int?
}

@description('The answers that the level was chosen by.')
@sealed()
type assessmentSection = {
  @description('Optional. The day of the answers.')
  answeredOn: string?

  @description('Optional. The day on which to answer again.')
  reviewBy: string?

  @description('Optional. The answers.')
  answers: {
    @description('Optional. The answer to one question: text, a whole number, true or false.')
    #disable-next-line no-explicit-any // no type of Bicep says that; checks.bicep does
    *: any
  }?
}
