import { expect, test } from 'vitest';
import { property } from '../../../../src/observability/modules/dead-letters/properties.ts';
import { dying, startBench } from './operator-bench.ts';

test('the command answers with results on standard output, the rest beside it, and its exit code', async (context) => {
  const { bury, launch } = await startBench(context);
  await bury(dying(2));
  const [help, list, wrong, unknown] = await Promise.all(
    ['--help', 'list', 'remove', 'show nothing'].map((line) => launch(line).ended),
  );
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help?.stdout).toContain('list | groups | show <id> | replay | purge');
  expect(list).toMatchObject({ code: 0, stderr: '2 dead letters.\n' });
  expect(list?.stdout).toMatch(/^DEAD-LETTERED .*\n\S+Z {2}parcels .* f0\n.* f1\n$/);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(unknown).toEqual({
    code: 2,
    stdout: '',
    stderr: 'No dead letter of parcels has the id "nothing": "list --parked" shows the ids.\n',
  });
});

test('no control character of a message reaches the terminal, and a line of JSON still holds it', async (context) => {
  const { bury, launch } = await startBench(context);
  const evil = 'e\u001b[2J\u009b2J\u007f\r\n\u2028\u202e\u{e0001}x';
  const entry = { time: evil, attempt: 1, outcome: evil, reason: evil, host: evil };
  await bury([
    {
      messageId: evil,
      correlationId: evil,
      body: 'x',
      applicationProperties: { [property.replayId]: evil, [property.replayActor]: evil },
      dead: {
        DeadLetterReason: evil,
        DeadLetterErrorDescription: evil,
        [property.firstFailure]: evil,
        [property.fingerprint]: evil,
        [property.history]: JSON.stringify([entry]),
      },
    },
  ]);
  const lines = [
    'list',
    'groups',
    `show ${evil}`,
    'list --json',
    `show ${evil}nothing`,
    `replay --yes --actor ${evil}`,
  ];
  const endings = await Promise.all(lines.map((line) => launch(line).ended));
  for (const [index, { stdout, stderr }] of endings.entries()) {
    expect(`${stdout}${stderr}`.replaceAll('\n', ''), lines[index]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(`${stdout}${stderr}`, lines[index]).toContain('\\u001b');
  }
  expect(JSON.parse(endings[3]?.stdout ?? '')).toMatchObject({ id: evil, reason: evil, fingerprint: evil });
});

test('a Service Bus that is away, and a queue that is not there, are said in one sentence', async (context) => {
  const { command, bus } = await startBench(context);
  await expect(command('list --source nowhere')).rejects.toThrow('has no "nowhere"');
  await bus.faults.stopBroker();
  await expect(command('list', { answerTimeoutMs: 500 })).rejects.toThrow(
    expect.objectContaining({ name: 'CommandRefused', message: expect.stringContaining('does not answer') }),
  );
});
