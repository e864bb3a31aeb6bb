import { expect, test } from 'vitest';
import { createGate } from '../../../src/platform/service-bus/gate.ts';

const staying = () => false;
const soon = () => new Promise((resolve) => setImmediate(resolve));

function entering(gate: ReturnType<typeof createGate>, gaveUp = staying) {
  const state = { entered: 0 };
  const pass = gate.enter(gaveUp).then((given) => {
    state.entered += 1;
    return given;
  });
  return { state, pass };
}

test('all may receive while it is open', async () => {
  const gate = createGate();
  await gate.enter(staying);
  await gate.enter(staying);
});

test('nobody may receive while it is closed, and all may when it opens again', async () => {
  const gate = createGate();
  expect(gate.close()).toBe(true);
  expect(gate.close()).toBe(false);
  const slots = [entering(gate), entering(gate)];
  await soon();
  expect(slots.map(({ state }) => state.entered)).toEqual([0, 0]);
  expect(gate.open()).toBe(true);
  expect(gate.open()).toBe(false);
  await Promise.all(slots.map(({ pass }) => pass));
});

test('a probe lets one slot through, and the next only when nothing came', async () => {
  const gate = createGate();
  gate.close();
  const slots = [entering(gate), entering(gate)];
  gate.admitOne();
  await soon();
  expect(slots.map(({ state }) => state.entered)).toEqual([1, 0]);

  (await slots[0]?.pass)?.done(false);
  await soon();
  expect(slots[1]?.state.entered).toBe(1);

  (await slots[1]?.pass)?.done(true);
  const third = entering(gate);
  await soon();
  expect(third.state.entered).toBe(0);
  gate.open();
});

test('a probe that ends after the gate has opened leaves no permit behind', async () => {
  const gate = createGate();
  gate.close();
  gate.admitOne();
  const probe = await gate.enter(staying);
  gate.open();
  probe.done(false);
  gate.close();
  const { state } = entering(gate);
  await soon();
  expect(state.entered).toBe(0);
  gate.open();
});

test('a slot that has given up does not wait', async () => {
  const gate = createGate();
  gate.close();
  let gaveUp = false;
  const { pass } = entering(gate, () => gaveUp);
  gaveUp = true;
  gate.nudge();
  await pass;
});
