// Which modules are on, and the faults that concern several keys or files. The form of each value is checked by the service's
// own loader, which azd's preprovision hook runs (tools/bicep/check-config.ts).

import { resolvedConfig } from 'observability/config-types.bicep'

var modules = loadJsonContent('observability/modules.json')
var does = loadJsonContent('workload/businesses.json')

@export()
@description('The names of the modules that are on. Refuses, with all faults together, a file that the service would refuse.')
func activeModules(resolved resolvedConfig, further string[]) string[] =>
  empty(concat(faultsOf(resolved, wantedModules(resolved)), further))
    ? wantedModules(resolved)
    : fail(join(
        concat(map(faultsOf(resolved, wantedModules(resolved)), fault => 'observability.json: ${fault}'), further),
        '; '
      ))

@export()
@description('What the businesses cannot do in this deployment: one sentence each.')
func businessFaults(topology string, hasServiceBus bool) string[] =>
  said([
    !hasServiceBus && (does.handlers || does.apiSends || does.workerSends)
      ? 'A business sends or handles messages and infra/queues.json names no queue and no topic: name them there'
      : ''
    topology == 'split' && !does.handlers
      ? 'deployment.topology is split and no business has handlers, so that there is nothing for a worker to do: set it to single'
      : ''
    topology == 'split' && !does.routes
      ? 'deployment.topology is split and no business has routes, so that there is nothing for an app that answers callers to do: set it to single'
      : ''
  ])

@export()
@description('What is wrong with the choice of regions: one sentence each.')
func regionFaults(location string, secondRegion string) string[] =>
  said([
    secondRegion == toLower(replace(location, ' ', ''))
      ? 'deployment.secondRegion is ${secondRegion}, which is the first region (AZURE_LOCATION): name another one, or "" for one region'
      : ''
  ])

func said(sentences string[]) string[] => filter(sentences, sentence => !empty(sentence))

func wantedModules(resolved resolvedConfig) string[] =>
  map(
    filter(
      items(modules),
      module =>
        !contains(resolved.modules.remove, module.key) && (module.value.level <= resolved.level || contains(
          resolved.modules.add,
          module.key
        ))
    ),
    module => module.key
  )

func faultsOf(resolved resolvedConfig, wanted string[]) string[] =>
  concat(
    !empty(resolved.deployment.secondRegion) && !contains(wanted, 'multi-region')
      ? [
          'deployment.secondRegion is set and multi-region, the module that it needs, is off: set level to 5, or add multi-region to modules.add, or set deployment.secondRegion to ""'
        ]
      : [],
    tokenFaults(resolved.deployment, resolved.deployment.tokens, wanted),
    map(
      intersection(resolved.modules.add, resolved.modules.remove),
      name => 'modules: ${name} stands in add and in remove'
    ),
    flatten(map(
      wanted,
      name =>
        map(
          filter(modules[name].needs, need => !contains(wanted, need)),
          need => 'modules: ${name} is on and ${need}, which it needs, is off'
        )
    ))
  )

func tokenFaults(deployment resolvedConfig.deployment, tokens resolvedConfig.deployment.tokens, wanted string[]) string[] =>
  said([
    deployment.public && !deployment.allowAnonymous && (empty(tokens.issuer) || empty(tokens.roles))
      ? 'deployment.public is true and deployment.tokens lacks the ${empty(tokens.issuer) ? 'issuer, so that any caller' : 'roles, so that every application of the tenant'} could call: name it, or set deployment.allowAnonymous to true'
      : ''
    (empty(tokens.issuer) || empty(tokens.audience)) && !empty('${tokens.issuer}${tokens.audience}${join(tokens.roles, '')}')
      ? 'deployment.tokens needs issuer and audience, with or without roles, or none of the three'
      : ''
    !empty(tokens.issuer) && !contains(wanted, 'bearer-tokens')
      ? 'deployment.tokens.issuer is set and bearer-tokens, the module that checks tokens, is off: add it to modules.add'
      : ''
  ])
