import { expect, test } from 'vitest';
import { dying, startWithBroker } from './with-broker.ts';

test('the command answers with results on standard output, the rest beside it, and its exit code', async (context) => {
  const { bury, launch } = await startWithBroker(context);
  await bury([...dying(1), { messageId: 'e\u001b[2J', body: 'x' }]);
  const [help, list, wrong, unknown] = await Promise.all(
    ['--help', 'list', 'remove', 'show nobody'].map((line) => launch(line).ended),
  );
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help?.stdout).toContain('list | groups | show <id> | replay | purge');
  expect(list).toMatchObject({ code: 0, stderr: '2 dead letters.\n' });
  expect(list?.stdout).toMatch(/^DEAD-LETTERED .*\n\S+Z {2}files .* f0\n.* e\?\[2J\n$/); // what others wrote steers no terminal
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(unknown).toEqual({
    code: 2,
    stdout: '',
    stderr: 'No dead letter of files has the id "nobody": "list --parked" shows the ids.\n',
  });
});

test('a Service Bus that is away, and a queue that is not there, are said in one sentence', async (context) => {
  const { command, bus } = await startWithBroker(context);
  await expect(command('list --source nowhere')).rejects.toThrow('has no "nowhere"');
  await bus.faults.stopBroker();
  await expect(command('list', { answerTimeoutMs: 500 })).rejects.toThrow(
    expect.objectContaining({ name: 'UsageError', message: expect.stringContaining('does not answer') }),
  );
});
