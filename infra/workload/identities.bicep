metadata name = 'Identities'
metadata description = 'One identity for each job, so that a role given to one is not held by the others.'

import { resourceTags } from '../names.bicep'

@description('Required. The region.')
param location string

@description('Required. The tags of every resource.')
param tags resourceTags

@description('Required. The names of the identities.')
param names string[]

resource identities 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = [
  for name in names: {
    name: name
    location: location
    tags: tags
  }
]
