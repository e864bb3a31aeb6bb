using '../app.bicep'

param config = { level: 5, deployment: { topology: 'split' } }

param environmentName = 'snapshot'

param location = 'eastus2'

param image = 'example.azurecr.io/observability-starter:1'

param settings = { PARCELS_DEPOT_URL: 'https://depots.example.com' }
