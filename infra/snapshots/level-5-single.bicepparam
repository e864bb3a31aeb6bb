using '../main.bicep'

param config = { level: 5, deployment: { topology: 'single' } }

param environmentName = 'snapshot'

param location = 'eastus2'

param thisMonth = '2026-01-01'
