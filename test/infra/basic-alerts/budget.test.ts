import { join } from 'node:path';
import { expect } from 'vitest';
import { copyInfra, predict, testWithCompiler } from '../bicep.ts';
import { ofType } from '../snapshots.ts';

testWithCompiler(
  'a budget is created once and never changed, and without an amount there is none',
  async (compiler) => {
    const folder = await copyInfra();
    const none = await predict(compiler, folder, { config: '{ level: 1 }' });
    expect(ofType(none, 'Microsoft.Consumption/budgets')).toEqual([]);
    expect(none.outputs.BUDGET_NOTICE).toMatch(/There is no budget/);
    const given = await predict(compiler, folder, { config: '{ level: 1, cost: { monthlyBudget: 7 } }' });
    expect(ofType(given, 'Microsoft.Consumption/budgets')[0]?.properties).toMatchObject({
      amount: 7,
      timePeriod: { startDate: '2026-01-01' },
    });
    expect(given.outputs.BUDGET_NOTICE).toMatch(/delete the budget "monthly" of the resource group first/);
    const { contents } = await compiler.compile(join(folder, 'infra', 'observability', 'basic-alerts', 'budget.bicep'));
    expect(JSON.parse(contents ?? '').resources.budget['@options']).toHaveProperty('onlyIfNotExists');
  },
);

testWithCompiler(
  'a module whose needs are off stops the deployment, with every fault in one message',
  async (compiler) => {
    const folder = await copyInfra();
    const config = "{ level: 1, modules: { remove: ['application-insights'] }, deployment: { public: true } }";
    await expect(predict(compiler, folder, { config })).rejects.toThrow(
      /any caller could call.*basic-alerts is on and application-insights, which it needs, is off/,
    );
  },
);
