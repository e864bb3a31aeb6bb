import { namesFor, resourceNames } from 'names.bicep'

@export()
@description('One region of the deployment.')
type deployedRegion = {
  @description('Required. Its name.')
  location: string

  @description('Required. Its resource group.')
  group: string

  @description('Required. What the titles of its alerts call it.')
  title: string

  @description('Required. The names of its resources.')
  names: resourceNames
}

@export()
@description('The first region and, where there is one, the second. The names of the first are the same with and without a second.')
func regionsOf(subscriptionId string, environmentName string, location string, secondRegion string, hasServiceBus bool) deployedRegion[] =>
  map(empty(secondRegion) ? [location] : [location, secondRegion], (place, i) => {
    location: place
    group: 'rg-${environmentName}${i == 0 ? '' : '-${place}'}'
    title: '${environmentName}${i == 0 ? '' : '-${place}'}'
    names: namesFor(toLower(uniqueString(subscriptionId, environmentName, place)), hasServiceBus)
  })
