import { expect, test } from 'vitest';
import type { Row } from '../../application-insights/index.ts';
import { describeTree } from '../trace.ts';
import { findStory } from './find-story.ts';
import { treeOf } from './tree.ts';

let seconds = 0;
const row = (Type: Row['Type'], fields: Partial<Row>): Row => {
  seconds++;
  return { Type, TimeGenerated: `2026-11-29T00:00:${String(seconds).padStart(2, '0')}.123Z`, ...fields };
};
const links = (operation_Id: string, id: string) => JSON.stringify([{ operation_Id, id }]);
const messageId = 'f43f4479aae9bae5aba8171778aeae9878d7689a4c19a5467b32be45247ed9f2';

/** What level 1 tells of one message: the SDK links the operations of its receiver to the one of the sender. */
const levelOne = [
  row('AppRequests', { OperationId: 'op-http', Id: 'r1', Name: 'POST /orders', ResultCode: '202', DurationMs: 58 }),
  row('AppDependencies', { OperationId: 'op-http', ParentId: 'r1', Id: 'd1', Name: 'message' }),
  row('AppTraces', { OperationId: 'op-http', ParentId: 'r1', Message: 'queued', Properties: { orderId: messageId } }),
  row('AppRequests', { OperationId: 'op-receive', Id: 'r2', Properties: { '_MS.links': links('op-http', 'd1') } }),
  row('AppTraces', { Message: 'failed', SeverityLevel: 3, Properties: { messageId } }),
  row('AppRequests', { OperationId: 'op-idle', Id: 'r3' }),
  row('AppTraces', { OperationId: 'op-idle', Message: 'of nobody', Properties: { destination: messageId } }),
];

/** From level 2 on the receiver goes on with the operation; a replay begins another one under the same correlation. */
const levelTwo = [
  row('AppRequests', { OperationId: 'op', Id: 'a', Name: 'POST /orders', Properties: { correlationId: 'story-1' } }),
  row('AppDependencies', { OperationId: 'op', ParentId: 'a', Id: 'b', Name: 'send orders' }),
  row('AppRequests', { OperationId: 'op', ParentId: 'b', Id: 'c', Name: 'process orders', Success: false }),
  row('AppExceptions', { OperationId: 'op', ParentId: 'c', ExceptionType: 'Error', OuterMessage: 'refused' }),
  row('AppRequests', {
    OperationId: 'replay',
    Id: 'd',
    Name: 'process orders',
    Properties: { correlationId: 'story-1' },
  }),
  row('AppEvents', { OperationId: 'other', Name: 'orders.paid', Properties: { correlationId: 'story-2' } }),
];
const find = (rows: readonly Row[], id: string) =>
  findStory([rows], id).map(({ TimeGenerated }) => rows.findIndex((each) => each.TimeGenerated === TimeGenerated));

test('an operation brings its rows and what is linked to them', () => {
  expect(find(levelOne, 'op-http')).toEqual([0, 1, 2, 3]);
});

test('an id that any property calls an id brings the operation of its row, and what names the id without an operation', () => {
  expect(find(levelOne, messageId)).toEqual([0, 1, 2, 3, 4]);
  expect(find(levelOne, 'f43f44')).toEqual([0, 1, 2, 3, 4]);
  expect(find(levelOne, 'f43f4')).toEqual([]); // too short to mean one thing
  expect(find(levelOne, '')).toEqual([]);
});

test('a correlation brings all its operations, whichever id was asked for', () => {
  for (const id of ['op', 'replay', 'story-1']) expect(find(levelTwo, id)).toEqual([0, 1, 2, 3, 4]);
  expect(find(levelTwo, 'story-2')).toEqual([5]);
});

const shape = (rows: readonly Row[]) =>
  treeOf(rows).map(
    ({ row: { Name, Message, ExceptionType, Id }, branch }) => `${branch}${Name ?? Message ?? ExceptionType ?? Id}`,
  );

test('each row stands under what caused it, by its parent or by a link', () => {
  expect(shape(findStory([levelOne], messageId))).toEqual([
    'POST /orders',
    '├─ message',
    '│  └─ r2',
    '└─ queued',
    'failed',
  ]);
  expect(shape(findStory([levelTwo], 'op'))).toEqual([
    'POST /orders',
    '└─ send orders',
    '   └─ process orders',
    '      └─ Error',
    'process orders',
  ]);
});

test('rows that name each other as parents are shown all the same, each once', () => {
  const circle = [
    row('AppRequests', { Id: 'x', ParentId: 'y', Name: 'one' }),
    row('AppRequests', { Id: 'y', ParentId: 'x', Name: 'two' }),
    row('AppRequests', { Id: 'z', ParentId: 'z', Name: 'itself' }),
  ];
  expect(shape(circle).sort()).toEqual(['itself', 'one', 'two']);
});

test('the tree has times, results and a word on level 1', () => {
  const host = { stdout: process.stdout, env: { NO_COLOR: '1' } };
  const text = describeTree(findStory([levelOne], messageId), host);
  expect(text).toMatch(/^\d\d:\d\d:\d\d\.123 {2}request {2}POST \/orders {2}202 {2}58 ms\n/);
  expect(text).toContain('failed  messageId f43f4479…');
  expect(text).toContain('2 operations; lines without an operation are of a handler at level 1');
  expect(describeTree(findStory([levelTwo], 'op'), host)).toContain('2 operations\n');
});
