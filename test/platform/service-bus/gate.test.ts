import { expect, test } from 'vitest';
import { createGate } from '../../../src/platform/service-bus/receiver.ts';
import { recordingLog } from './recording-log.ts';

const staying = new AbortController().signal;
const soon = () => new Promise((resolve) => setImmediate(resolve));

function newGate() {
  const { log, messages } = recordingLog();
  let interrupted = 0;
  const gate = createGate('files', log, () => {
    interrupted += 1;
  });
  return { ...gate, ...gate.consumer, messages, interrupted: () => interrupted };
}

function entering({ enter }: ReturnType<typeof newGate>, signal = staying) {
  const state = { entered: 0 };
  const entered = enter(signal).then((given) => {
    state.entered += 1;
    return given;
  });
  return { state, entered };
}

test('all may receive while it is open', async () => {
  const gate = newGate();
  expect(await gate.enter(staying)).toEqual({ probing: false });
  expect(await gate.enter(staying)).toEqual({ probing: false });
});

test('no slot may receive while it is paused, and all may when it resumes', async () => {
  const gate = newGate();
  gate.pause('the destination is down');
  const slots = [entering(gate), entering(gate)];
  await soon();
  expect(slots.map(({ state }) => state.entered)).toEqual([0, 0]);
  gate.resume();
  expect(await Promise.all(slots.map(({ entered }) => entered))).toEqual(Array(2).fill({ probing: false }));
});

test('pausing takes the waiting receives back; it and resuming are said once', () => {
  const gate = newGate();
  gate.resume();
  for (let twice = 0; twice < 2; twice += 1) gate.pause('the destination is down');
  expect(gate.interrupted()).toBe(1);
  for (let twice = 0; twice < 2; twice += 1) gate.resume();
  expect(gate.messages()).toEqual(['consumer paused', 'consumer resumed']);
});

test('a probe lets one slot through, and the next when it is asked for again', async () => {
  const gate = newGate();
  gate.pause('the destination is down');
  const slots = [entering(gate), entering(gate)];
  gate.probe();
  await soon();
  expect(slots.map(({ state }) => state.entered)).toEqual([1, 0]);
  expect(await slots[0]?.entered).toEqual({ probing: true });
  gate.probe();
  await soon();
  expect(slots[1]?.state.entered).toBe(1);
});

test('a probe that is asked for after it has resumed leaves no permit behind', async () => {
  const gate = newGate();
  gate.pause('the destination is down');
  gate.probe();
  await gate.enter(staying);
  gate.resume();
  gate.probe();
  gate.pause('the destination is down again');
  const { state } = entering(gate);
  await soon();
  expect(state.entered).toBe(0);
});

test('a slot whose signal aborts does not wait, and receives nothing', async () => {
  const gate = newGate();
  const ending = new AbortController();
  gate.pause('the destination is down');
  const { entered } = entering(gate, ending.signal);
  ending.abort(new Error('ended'));
  await expect(entered).rejects.toThrow('ended');
  gate.resume();
  await expect(gate.enter(ending.signal)).rejects.toThrow('ended');
});
