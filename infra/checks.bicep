// What types cannot say, and which modules follow. The service refuses the same files; a test compares the two.

var modules = loadJsonContent('observability/modules.json')

@export()
@description('The names of the modules that are on. Refuses, with all faults together, a file that the service would refuse.')
func activeModules(resolved resolvedConfig, further string[]) string[] =>
  empty(concat(faultsOf(resolved), further))
    ? wantedModules(resolved)
    : fail(join(concat(map(faultsOf(resolved), fault => 'observability.json: ${fault}'), further), '; '))

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

// The section goes with its module, where a team deletes that.
func correlationHeader(resolved resolvedConfig) string => resolved.?correlation.?header ?? 'x-correlation-id'

func valueFaults(resolved resolvedConfig) string[] =>
  concat(
    resolved.deployment.public && !resolved.deployment.allowAnonymous ? accessFaults(resolved.deployment.tokens) : [],
    map(
      intersection(resolved.modules.add, resolved.modules.remove),
      name => 'modules: ${name} stands in add and in remove'
    ),
    consistsOf(correlationHeader(resolved), '${lettersAndDigits}!#$%&\'*+.^_`|~-') && length(correlationHeader(resolved)) <= 64
      ? []
      : ['correlation.header is not the name of an HTTP header'],
    empty(resolved.alerts.email) || isAddress(split(resolved.alerts.email, '@'))
      ? []
      : ['alerts.email is not an e-mail address'],
    empty(resolved.deployment.tokens.issuer) || isSafe(resolved.deployment.tokens.issuer)
      ? []
      : ['deployment.tokens.issuer is not an https address'],
    empty(resolved.deployment.tokens.issuer) == empty(resolved.deployment.tokens.audience)
      ? []
      : ['deployment.tokens needs both issuer and audience, or neither'],
    empty(resolved.deployment.tokens.roles) || !empty(resolved.deployment.tokens.issuer)
      ? []
      : ['deployment.tokens.roles needs the issuer of the tokens that carry these roles'],
    map(
      filter(resolved.deployment.tokens.roles, role => !isTokenRole(role)),
      role => 'deployment.tokens.roles: "${role}" is not the value of a role or scope'
    ),
    empty(resolved.deployment.secondRegion) || consistsOf(resolved.deployment.secondRegion, regionCharacters)
      ? []
      : ['deployment.secondRegion is not a region as Azure writes it, such as westeurope'],
    isDay(resolved.assessment.answeredOn) ? [] : ['assessment.answeredOn is not a day such as 2026-01-31'],
    isDay(resolved.assessment.reviewBy) ? [] : ['assessment.reviewBy is not a day such as 2026-01-31'],
    map(
      filter(items(resolved.assessment.answers), answer => !isPlain(string([answer.value]))),
      answer => 'assessment.answers.${answer.key} is not text, a whole number, true or false'
    )
  )

func accessFaults(tokens resolvedTokens) string[] =>
  empty(tokens.issuer)
    ? [
        'deployment.public is true and deployment.tokens.issuer is empty, so that any caller could send: name the issuer of your tokens, or set deployment.allowAnonymous to true'
      ]
    : empty(tokens.roles)
        ? [
            'deployment.public is true and deployment.tokens.roles is empty, so that every application of the tenant could call: name the app roles and scopes that may, or set deployment.allowAnonymous to true'
          ]
        : []

@description('The values that are checked here, with every default filled in.')
type resolvedConfig = {
  @description('Required. The rung of the ladder.')
  level: int

  @description('Required. Modules switched on or off by name.')
  modules: {
    @description('Required. Those switched on.')
    add: string[]

    @description('Required. Those switched off.')
    remove: string[]
  }

  @description('Required. Correlation.')
  correlation: {
    @description('Required. The header.')
    header: string
  }?

  @description('Required. Who is told.')
  alerts: {
    @description('Required. The address.')
    email: string
  }

  @description('Required. Shape of the deployment.')
  deployment: {
    @description('Required. Whether the service is reachable from the internet.')
    public: bool

    @description('Required. Whether a public service may go without tokens or roles.')
    allowAnonymous: bool

    @description('Required. Bearer tokens.')
    tokens: resolvedTokens

    @description('Required. The second region.')
    secondRegion: string
  }

  @description('Required. Why this level.')
  assessment: {
    @description('Required. The day of the answers.')
    answeredOn: string

    @description('Required. The day on which to answer again.')
    reviewBy: string

    @description('Required. The answers.')
    answers: {
      @description('Optional. One answer.')
      #disable-next-line no-explicit-any // text, a whole number or a boolean, which no type of Bicep says
      *: any
    }
  }
}

@description('The bearer tokens of callers.')
type resolvedTokens = {
  @description('Required. Who issues them.')
  issuer: string

  @description('Required. For whom.')
  audience: string

  @description('Required. The app roles and scopes that may call.')
  roles: string[]
}

var lettersAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
var regionCharacters = 'abcdefghijklmnopqrstuvwxyz0123456789'

// A text contains "" as well, so that an empty one consists of anything and is refused apart.
func consistsOf(text string, characters string) bool =>
  !empty(text) && empty(filter(range(0, length(text)), i => !contains(characters, substring(text, i, 1))))

func isAddress(parts string[]) bool =>
  length(parts) == 2 && consistsOf(parts[0], '${lettersAndDigits}_\'+-.') && !startsWith(parts[0], '.') && !endsWith(
    parts[0],
    '.'
  ) && consistsOf(parts[1], '${lettersAndDigits}-.') && contains(parts[1], '.') && !startsWith(parts[1], '.') && !endsWith(
    parts[1],
    '.'
  )

func isSafe(address string) bool =>
  (startsWith(toLower(address), 'https://') && length(address) > 8) || !empty(filter(
    ['http://localhost', 'http://127.0.0.1', 'http://[::1]'],
    origin => startsWith('${toLower(address)}/', '${origin}/') || startsWith(toLower(address), '${origin}:')
  ))

func isTokenRole(role string) bool => consistsOf(role, '${lettersAndDigits}._:/-') && length(role) <= 120

func isDay(text string) bool => empty(text) || isDayOf(split(text, '-'))

func isDayOf(parts string[]) bool =>
  length(parts) == 3 && isNumber(parts[0], 4) && isNumber(parts[1], 2) && isNumber(parts[2], 2) && int(parts[2]) >= 1 && int(parts[2]) <= daysOf(
    int(parts[0]),
    int(parts[1])
  )

func isNumber(text string, digits int) bool => length(text) == digits && consistsOf(text, '0123456789')

// A month that does not exist has no days.
func daysOf(year int, month int) int =>
  month < 1 || month > 12
    ? 0
    : month != 2
        ? (contains([4, 6, 9, 11], month) ? 30 : 31)
        : (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28)

// The JSON of a list of one: text keeps its quote, a list or an object its bracket, a fraction its point.
func isPlain(json string) bool =>
  startsWith(json, '["') || !(startsWith(json, '[[') || startsWith(json, '[{') || contains(json, '.'))
