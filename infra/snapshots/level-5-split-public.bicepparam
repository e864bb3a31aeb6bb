using '../main.bicep'

param config = {
  level: 5
  deployment: {
    topology: 'split'
    public: true
    allowAnonymous: true
    operators: '11111111-2222-3333-4444-555555555555'
  }
}

param environmentName = 'snapshot'

param location = 'eastus2'

param thisMonth = '2026-01-01'
