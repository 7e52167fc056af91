import { secrets } from './secrets.ts'
import { settingsOf } from './stage.ts'

const settings = settingsOf($app.stage)

/**
 * Anyone may submit: the operator hears before the month's money is spent. It watches the whole account: a filter by tag
 * would see nothing until the tag was activated for billing, and not say so.
 */
new aws.budgets.Budget('MonthlyBudget', {
  budgetType: 'COST',
  timeUnit: 'MONTHLY',
  limitAmount: String(settings.monthlyBudgetDollars),
  limitUnit: 'USD',
  notifications: [
    { notificationType: 'ACTUAL' as const, threshold: 50 },
    { notificationType: 'ACTUAL' as const, threshold: 90 },
    { notificationType: 'FORECASTED' as const, threshold: 100 },
  ].map((notification) => ({
    ...notification,
    comparisonOperator: 'GREATER_THAN',
    thresholdType: 'PERCENTAGE',
    subscriberEmailAddresses: [secrets.operatorEmail.value],
  })),
})
