metadata name = 'Budget'
metadata description = 'The guard on cost: it tells, and stops nothing.'

@description('Required. The budget of the resource group for a month, in the currency of the subscription.')
param monthlyBudget int

@description('Required. The first day of this month (yyyy-MM-dd), with which the budget begins.')
param thisMonth string

@description('Required. The name of the action group that is told.')
param actionGroupName string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
}

// Azure refuses a budget whose start date changes, and a pipeline has no place to keep the first one: so the budget is
// created once and then left alone. A changed amount needs the old budget deleted first, which an output of main.bicep says.
// Owners are named beside the action group, because a budget needs a contact and the address may be empty.
@onlyIfNotExists()
resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'monthly'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: thisMonth }
    notifications: {
      spent80: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: []
        contactRoles: ['Owner']
        contactGroups: [actionGroup.id]
      }
      forecast100: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: []
        contactRoles: ['Owner']
        contactGroups: [actionGroup.id]
      }
    }
  }
}
