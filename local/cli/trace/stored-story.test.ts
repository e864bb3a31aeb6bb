import { expect, test } from 'vitest';
import { type Row, startApplicationInsights } from '../../application-insights/index.ts';
import { storedStory } from './stored-story.ts';

const row = (seconds: number, Type: Row['Type'], fields: object): Row => ({
  Type,
  TimeGenerated: `2026-11-29T00:00:0${seconds}.0000000Z`,
  ...fields,
});

test('a story is found in the tables by the beginning of one id, through operations and messages, and no other row', async ({
  onTestFinished,
}) => {
  const insights = await startApplicationInsights();
  onTestFinished(insights.stop);
  await insights.add([
    row(1, 'AppRequests', { OperationId: 'operation-a', Name: 'POST', Properties: { correlationId: 'correlation-1' } }),
    row(2, 'AppTraces', { OperationId: 'operation-a', Properties: { messageId: 'message-1' } }),
    row(3, 'AppDependencies', { OperationId: 'operation-b', Properties: { 'messaging.message.id': 'message-1' } }),
    row(4, 'AppEvents', { OperationId: 'operation-b', Name: 'done' }),
    row(5, 'AppEvents', { OperationId: 'operation-c', Name: 'another', Properties: { text: 'about correlation-1' } }),
    row(6, 'AppTraces', { OperationId: 'operation-d', Properties: { messageId: 'message-2' } }),
  ]);
  const seconds = async (id: string) =>
    (await storedStory(insights.workspace, id)).map(({ TimeGenerated }) => Number(TimeGenerated.slice(18, 19)));
  expect(await seconds('correlation')).toEqual([1, 2, 3, 4]);
  expect(await seconds('message-1')).toEqual([1, 2, 3, 4]);
  expect(await seconds('operation-d')).toEqual([6]);
  expect(await seconds('nothing')).toEqual([]);
});
