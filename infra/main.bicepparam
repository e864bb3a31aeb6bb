using 'main.bicep'

var file = loadJsonContent('../observability.json')
var levelOverride = trim(readEnvironmentVariable('OBSERVABILITY_LEVEL', ''))

// The assessment is for people: with it a date would make a new revision.
param config = { ...file, level: empty(levelOverride) ? file.?level : int(levelOverride), assessment: null }

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')

param location = readEnvironmentVariable('AZURE_LOCATION', 'eastus2')

param maintenanceFrom = readEnvironmentVariable('MAINTENANCE_FROM', '')

param maintenanceUntil = readEnvironmentVariable('MAINTENANCE_UNTIL', '')
