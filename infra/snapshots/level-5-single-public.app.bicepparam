using '../app.bicep'

param config = {
  level: 5
  deployment: {
    topology: 'single'
    public: true
    allowAnonymous: true
    operators: '11111111-2222-3333-4444-555555555555'
  }
}

param environmentName = 'snapshot'

param location = 'eastus2'

param image = 'example.azurecr.io/observability-starter:1'

param settings = { PARCELS_DEPOT_URL: 'https://depots.example.com' }
