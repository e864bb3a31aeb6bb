import { entityFile } from '../entities.bicep'

@description('What adds replicas of a container app.')
type scaleRule = {
  @description('Required. Its name.')
  name: string

  @description('Required. The measurement.')
  custom: {
    @description('Required. The scaler of KEDA.')
    type: string

    @description('Required. The id of the identity that measures.')
    identity: string

    @description('Required. What is measured.')
    metadata: {
      @description('Optional. One setting of the scaler.')
      *: string
    }
  }
}

// A replica for twenty messages that wait: what one works off while another starts.
var messagesPerReplica = '20'

@export()
@description('One rule for each queue and each subscription, measured by identity: without one the scaler asks for a key, and there is none.')
func scaleRules(entities entityFile, namespaceName string, identityId string) scaleRule[] =>
  concat(
    map(
      items(entities.queues),
      queue => rule('queue-${queue.key}', identityId, { namespace: namespaceName, queueName: queue.key })
    ),
    flatten(map(
      items(entities.topics),
      topic =>
        map(
          items(topic.value.subscriptions),
          subscription =>
            rule('topic-${topic.key}-${subscription.key}', identityId, {
              namespace: namespaceName
              topicName: topic.key
              subscriptionName: subscription.key
            })
        )
    ))
  )

func rule(name string, identityId string, measured { *: string }) scaleRule => {
  name: name
  custom: {
    type: 'azure-servicebus'
    identity: identityId
    metadata: { ...measured, messageCount: messagesPerReplica }
  }
}
