using '../main.bicep'

param config = { level: 5, deployment: { topology: 'split', network: 'vnet' } }

param environmentName = 'snapshot'

param location = 'eastus2'

param thisMonth = '2026-01-01'
