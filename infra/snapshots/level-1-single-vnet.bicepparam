using '../main.bicep'

param config = { level: 1, deployment: { topology: 'single', network: 'vnet' } }

param environmentName = 'snapshot'

param location = 'eastus2'

param thisMonth = '2026-01-01'
