// What the JSON files of rules hold. ISO durations are text here: the generator refuses those that Azure does not have.

@export()
@description('What log-rules.json holds, by the name of the rule.')
type logRuleMap = {
  @description('Optional. One rule.')
  *: logRule
}

@export()
@description('A rule on a query, generated from the header of its file.')
@sealed()
type logRule = {
  @description('Required. What the alert says.')
  title: string

  @description('Required. 0 and 1 wake the on-call engineer.')
  @minValue(0)
  @maxValue(4)
  severity: int

  @description('Required. Who feels it.')
  feels: string

  @description('Required. What to do first.')
  firstAction: string

  @description('Required. How far the query looks back.')
  window: string

  @description('Required. How often the query runs.')
  frequency: string

  @description('Required. How the rows of a series become one number.')
  aggregation: 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total'

  @description('Optional. The column that is compared; none: rows are counted.')
  measure: string?

  @description('Required. How the number is compared.')
  operator: 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan' | 'LessThanOrEqual'

  @description('Required. What it is compared with, as text.')
  threshold: string

  @description('Required. How many of the periods must fail.')
  failing: int

  @description('Required. How many periods are looked at.')
  periods: int

  @description('Required. The columns that make a series each.')
  @maxLength(6)
  dimensions: string[]

  @description('Required. The level whose signals it reads.')
  level: int

  @description('Required. The modules that send those signals.')
  modules: string[]

  @description('Required. The drill that proves it.')
  drill: string

  @description('Required. The query.')
  query: string
}

@export()
@description('What metric-rules.json holds, by the name of the rule.')
type metricRuleMap = {
  @description('Optional. One rule.')
  *: metricRule
}

@export()
@description('A rule on the metrics of one resource.')
@sealed()
type metricRule = {
  @description('Required. What the alert says.')
  title: string

  @description('Required. 0 and 1 wake the on-call engineer.')
  @minValue(0)
  @maxValue(4)
  severity: int

  @description('Required. Who feels it.')
  feels: string

  @description('Required. What to do first.')
  firstAction: string

  @description('Required. How far it looks back.')
  window: string

  @description('Required. How often it is evaluated.')
  frequency: string

  @description('Required. What it watches: the namespace, one queue of it, each container app, the one that answers callers, or the availability test.')
  scope: 'service-bus' | 'queue' | 'app' | 'ingress' | 'availability-test'

  @description('Required. What must hold together, each with a name.')
  criteria: {
    @description('Optional. One of them.')
    *: metricCriterion
  }

  @description('Optional. The drill that proves it; none: no fault on one machine can.')
  drill: string?
}

@discriminator('kind')
type metricCriterion = fixedCriterion | learnedCriterion | locationsCriterion

@description('A metric compared with a number.')
@sealed()
type fixedCriterion = {
  @description('Required. Tells the kinds apart.')
  kind: 'fixed'

  @description('Required. The metric.')
  metric: string

  @description('Required. How values become one number.')
  aggregation: 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total'

  @description('Required. How the number is compared.')
  operator: 'GreaterThan' | 'GreaterThanOrEqual' | 'LessThan' | 'LessThanOrEqual'

  @description('Required. What it is compared with.')
  threshold: int

  @description('Required. The values of each dimension that are watched, each a series of its own; * stands for all.')
  dimensions: dimensionMap
}

@description('A metric compared with the band that Azure has learned.')
@sealed()
type learnedCriterion = {
  @description('Required. Tells the kinds apart.')
  kind: 'learned'

  @description('Required. The metric.')
  metric: string

  @description('Required. How values become one number.')
  aggregation: 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total'

  @description('Required. On which side of the band it fires.')
  operator: 'GreaterOrLessThan' | 'GreaterThan' | 'LessThan'

  @description('Required. How narrow the band is.')
  sensitivity: 'High' | 'Low' | 'Medium'

  @description('Required. How many of the periods must fail.')
  failing: int

  @description('Required. How many periods are looked at.')
  periods: int

  @description('Required. The values of each dimension that are watched, each a series of its own; * stands for all.')
  dimensions: dimensionMap
}

@description('The places from which an availability test fails.')
@sealed()
type locationsCriterion = {
  @description('Required. Tells the kinds apart.')
  kind: 'locations'

  @description('Required. How many must fail, of those that there are.')
  failed: int
}

@export()
@description('Values by the name of their dimension.')
type dimensionMap = {
  @description('Optional. The values of one dimension.')
  *: string[]
}

@export()
@description('What activity-rules.json holds, by the name of the rule.')
type activityRuleMap = {
  @description('Optional. One rule.')
  *: activityRule
}

@description('A rule on the activity log: what Azure says of the subscription and of our resources. It costs nothing.')
@sealed()
type activityRule = {
  @description('Required. What the alert says.')
  title: string

  @description('Required. Who feels it.')
  feels: string

  @description('Required. What to do first.')
  firstAction: string

  @description('Required. Whose entries it reads.')
  scope: 'subscription' | 'resource-group'

  @description('Required. The fields that an entry must have, each with the values that are meant.')
  conditions: {
    @description('Optional. The values of one field.')
    *: string[]
  }
}
