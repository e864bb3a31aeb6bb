@export()
@description('What log-rules.json holds, by the name of the rule.')
type logRuleMap = {
  @description('Optional. One rule.')
  *: logRule
}

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
  window:
    | 'PT1M'
    | 'PT5M'
    | 'PT10M'
    | 'PT15M'
    | 'PT30M'
    | 'PT45M'
    | 'PT1H'
    | 'PT2H'
    | 'PT3H'
    | 'PT4H'
    | 'PT5H'
    | 'PT6H'
    | 'P1D'
    | 'P2D'

  @description('Required. How often the query runs.')
  frequency:
    | 'PT1M'
    | 'PT5M'
    | 'PT10M'
    | 'PT15M'
    | 'PT30M'
    | 'PT45M'
    | 'PT1H'
    | 'PT2H'
    | 'PT3H'
    | 'PT4H'
    | 'PT5H'
    | 'PT6H'

  @description('Required. How the rows of a series become one number.')
  aggregation: 'Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total'

  @description('Conditional. The column that is compared. Required if rows are not counted.')
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
@description('What metric-rules.json holds.')
@sealed()
type metricRuleMap = {
  @description('Required. The failed locations of the availability test.')
  availability: metricRule

  @description('Required. The dead letters of each queue and subscription.')
  'dead-letters-growing': metricRule
}

@export()
@description('A rule on a metric.')
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

  @description('Required. What it watches.')
  scope: 'availability-test' | 'service-bus'

  @description('Conditional. The metric. Required if the scope is service-bus.')
  metric: string?

  @description('Conditional. How values become one number. Required if the scope is service-bus.')
  aggregation: ('Average' | 'Count' | 'Maximum' | 'Minimum' | 'Total')?

  @description('Conditional. On which side of the learned band it fires. Required if the scope is service-bus.')
  operator: ('GreaterOrLessThan' | 'GreaterThan' | 'LessThan')?

  @description('Conditional. How narrow the learned band is. Required if the scope is service-bus.')
  sensitivity: ('High' | 'Low' | 'Medium')?

  @description('Conditional. How many of the periods must fail. Required if the scope is service-bus.')
  failing: int?

  @description('Conditional. How many periods are looked at. Required if the scope is service-bus.')
  periods: int?

  @description('Conditional. The dimensions that make a series each. Required if the scope is service-bus.')
  dimensions: string[]?

  @description('Required. The level and the modules whose signals it reads.')
  signals: {
    @description('Required. The level.')
    level: int

    @description('Required. The modules.')
    modules: string[]
  }

  @description('Required. The drill that proves it.')
  drill: string
}
