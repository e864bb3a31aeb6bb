@export()
@description('What queues.json holds: maps, because the compiler checks nothing inside an array of objects.')
@sealed()
type entityFile = {
  @description('Required. Queues by name.')
  queues: queueMap

  @description('Required. Topics by name.')
  topics: topicMap
}

@export()
@description('Queues by name.')
type queueMap = {
  @description('Optional. Settings of one queue.')
  *: queueSettings
}

@export()
@description('Topics by name.')
type topicMap = {
  @description('Optional. Settings of one topic.')
  *: topicSettings
}

@export()
@description('Settings of a queue, with the property names of the resource type.')
@sealed()
type queueSettings = {
  @description('Required. How long a message is locked for its receiver, as an ISO duration of at most five minutes.')
  lockDuration: string

  @description('Required. Deliveries before a message is dead-lettered.')
  @minValue(1)
  @maxValue(2000)
  maxDeliveryCount: int

  @description('Required. Whether repeated message ids are dropped. Azure cannot change it later.')
  requiresDuplicateDetection: bool

  @description('Required. How long message ids are remembered, as an ISO duration.')
  duplicateDetectionHistoryTimeWindow: string

  @description('Required. Whether an expired message goes to the dead-letter queue.')
  deadLetteringOnMessageExpiration: bool

  @description('Required. How long a message lives, as an ISO duration.')
  defaultMessageTimeToLive: string

  @description('Required. Whether the queue has sessions. Azure cannot change it later.')
  requiresSession: bool
}

@export()
@description('Settings of a topic.')
@sealed()
type topicSettings = {
  @description('Optional. Whether repeated message ids are dropped. Azure cannot change it later.')
  requiresDuplicateDetection: bool?

  @description('Optional. How long message ids are remembered, as an ISO duration.')
  duplicateDetectionHistoryTimeWindow: string?

  @description('Optional. How long a message lives, as an ISO duration.')
  defaultMessageTimeToLive: string?

  @description('Required. Subscriptions by name.')
  subscriptions: {
    @description('Optional. Settings of one subscription.')
    *: subscriptionSettings
  }
}

@description('Settings of a subscription, with the property names of the resource type.')
@sealed()
type subscriptionSettings = {
  @description('Required. How long a message is locked for its receiver, as an ISO duration of at most five minutes.')
  lockDuration: string

  @description('Required. Deliveries before a message is dead-lettered.')
  @minValue(1)
  @maxValue(2000)
  maxDeliveryCount: int

  @description('Optional. Whether an expired message goes to the dead-letter queue.')
  deadLetteringOnMessageExpiration: bool?

  @description('Optional. How long a message lives, as an ISO duration.')
  defaultMessageTimeToLive: string?

  @description('Optional. Whether the subscription has sessions. Azure cannot change it later.')
  requiresSession: bool?
}

@export()
@description('How long ids are remembered where `source` sends, as KQL that reads that column. Without duplicate detection each sending counts; the second is for the clocks of the events of one message.')
func duplicateWindow(entities entityFile) string =>
  'case(isempty(source), 1s, ${join(map(filter(items(union(entities.queues, entities.topics)), entity => entity.value.?requiresDuplicateDetection ?? false), entity => 'source == \'${entity.key}\', ${timespan(entity.value.?duplicateDetectionHistoryTimeWindow ?? 'PT10M')}, '), '')}1s)'

@description('An ISO duration as KQL: PT1H30M is 1h+30m+0s.')
func timespan(duration string) string =>
  '${replace(replace(replace(replace(replace(replace(duration, 'P', ''), 'T', ''), 'D', 'd+'), 'H', 'h+'), 'M', 'm+'), 'S', 's+')}0s'
