import { resourceNames } from '../names.bicep'

var does = loadJsonContent('businesses.json')

@export()
@description('The identities with which the businesses send.')
func senderNames(names resourceNames, topology string) string[] =>
  union(
    does.apiSends ? [names.appIdentity] : [],
    does.workerSends ? [topology == 'split' ? names.workerIdentity : names.appIdentity] : []
  )
