metadata name = 'Budget'
metadata description = 'The guard on cost: it tells, and stops nothing.'

@description('Required. The budget of the resource group for a month, in the currency of the subscription.')
param monthlyBudget int

@description('Required. The first day of the month in which the budget was created (yyyy-MM-dd): Azure refuses to change it.')
param budgetStart string

@description('Required. The name of the action group that is told.')
param actionGroupName string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: actionGroupName
}

// Owners are named beside the action group, because a budget needs a contact and the address may be empty.
resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'monthly'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: budgetStart }
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
