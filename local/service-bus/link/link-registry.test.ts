import { expect, test, vi } from 'vitest';
import { engineSettings } from '../entities.ts';
import { systemClock } from '../entity/broker-clock.ts';
import { createQueue } from '../entity/queue.ts';
import { createLinkRegistry } from './link-registry.ts';

const queue = createQueue({ path: 'q', settings: engineSettings({}), clock: systemClock });

function open(carriers: unknown[]) {
  return { queue, carriers, detach: vi.fn(), gone: vi.fn() };
}

test('a lost carrier takes its links with it, and only those', () => {
  const links = createLinkRegistry();
  const [lost, kept] = [open(['session 1', 'connection']), open(['session 2', 'connection'])];
  links.add(lost);
  links.add(kept);
  links.lost('session 1');
  expect(lost.gone).toHaveBeenCalledOnce();
  expect(lost.detach).not.toHaveBeenCalled();
  expect(kept.gone).not.toHaveBeenCalled();
  links.lost('connection');
  expect(kept.gone).toHaveBeenCalledOnce();
  expect(links).toMatchObject({ size: 0, opened: 2 });
});

test('a detached link is told why and forgotten', () => {
  const links = createLinkRegistry();
  const link = open([]);
  links.add(link);
  links.detach(() => false, 'no', 'no');
  expect(links.size).toBe(1);
  links.detach((each) => each === queue, 'amqp:link:detach-forced', 'because');
  expect(link.detach).toHaveBeenCalledExactlyOnceWith('amqp:link:detach-forced', 'because');
  expect(link.gone).toHaveBeenCalledOnce();
  expect(links.size).toBe(0);
});
