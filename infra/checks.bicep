// Which modules are on, and what no type can say: it concerns several keys. The form of each value is checked by the
// service's own loader, which azd's preprovision hook runs.

import { resolvedConfig } from 'observability/config-types.bicep'

var modules = loadJsonContent('observability/modules.json')
var does = loadJsonContent('workload/businesses.json')

@export()
@description('The names of the modules that are on. Refuses, with all faults together, a file that the service would refuse.')
func activeModules(resolved resolvedConfig, further string[]) string[] =>
  empty(concat(faultsOf(resolved), further))
    ? wantedModules(resolved)
    : fail(join(concat(map(faultsOf(resolved), fault => 'observability.json: ${fault}'), further), '; '))

@export()
@description('What the businesses cannot do in this deployment: one sentence each.')
func businessFaults(topology string, hasServiceBus bool) string[] =>
  concat(
    hasServiceBus || !(does.handlers || does.apiSends || does.workerSends)
      ? []
      : ['A business sends or handles messages and infra/queues.json names no queue and no topic: name them there'],
    topology == 'single' || does.handlers
      ? []
      : [
          'deployment.topology is split and no business has handlers, so that there is nothing for a worker to do: set it to single'
        ],
    topology == 'single' || does.routes
      ? []
      : [
          'deployment.topology is split and no business has routes, so that there is nothing for an app that answers callers to do: set it to single'
        ]
  )

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

func faultsOf(resolved resolvedConfig) string[] => concat(valueFaults(resolved), needFaults(wantedModules(resolved)))

func needFaults(wanted string[]) string[] =>
  flatten(map(
    wanted,
    name =>
      map(
        filter(modules[name].needs, need => !contains(wanted, need)),
        need => 'modules: ${name} is on and ${need}, which it needs, is off'
      )
  ))

func valueFaults(resolved resolvedConfig) string[] =>
  concat(
    resolved.deployment.public && !resolved.deployment.allowAnonymous ? accessFaults(resolved.deployment.tokens) : [],
    map(
      intersection(resolved.modules.add, resolved.modules.remove),
      name => 'modules: ${name} stands in add and in remove'
    ),
    empty(resolved.deployment.tokens.issuer) == empty(resolved.deployment.tokens.audience)
      ? []
      : ['deployment.tokens needs both issuer and audience, or neither'],
    empty(resolved.deployment.tokens.roles) || !empty(resolved.deployment.tokens.issuer)
      ? []
      : ['deployment.tokens.roles needs the issuer of the tokens that carry these roles'],
    empty(resolved.deployment.tokens.issuer) || contains(wantedModules(resolved), 'bearer-tokens')
      ? []
      : [
          'deployment.tokens.issuer is set and bearer-tokens, the module that checks tokens, is off: add it to modules.add'
        ]
  )

func accessFaults(tokens resolvedConfig.deployment.tokens) string[] =>
  empty(tokens.issuer)
    ? [
        'deployment.public is true and deployment.tokens.issuer is empty, so that any caller could send: name the issuer of your tokens, or set deployment.allowAnonymous to true'
      ]
    : empty(tokens.roles)
        ? [
            'deployment.public is true and deployment.tokens.roles is empty, so that every application of the tenant could call: name the app roles and scopes that may, or set deployment.allowAnonymous to true'
          ]
        : []
