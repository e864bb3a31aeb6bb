using 'app.bicep'

var file = loadJsonContent('../observability.json')
var levelOverride = trim(readEnvironmentVariable('OBSERVABILITY_LEVEL', ''))

// The assessment is for people: with it a date would make a new revision.
param config = { ...file, level: empty(levelOverride) ? file.?level : int(levelOverride), assessment: null }

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')

param location = readEnvironmentVariable('AZURE_LOCATION', 'eastus2')

// azd sets it to the image that it has just pushed, before it compiles this file.
param image = readEnvironmentVariable('SERVICE_APP_IMAGE_NAME', '')

param personalDataKey = readEnvironmentVariable('PERSONAL_DATA_KEY', '')

// What is secret may decide nothing, so that predictions stay complete.
param hasPersonalDataKey = !empty(readEnvironmentVariable('PERSONAL_DATA_KEY', ''))

// Written by "npm run generate" from the settings of the businesses.
param settings = {
  FILE_ROUTER_DESTINATION_URL: readEnvironmentVariable('FILE_ROUTER_DESTINATION_URL', '')
  FILE_ROUTER_RULES: readEnvironmentVariable('FILE_ROUTER_RULES', '')
}
// End of what is generated.
