import type { Drill } from '../drill.ts';

export const calm: Drill = {
  name: 'calm',
  question: 'Nothing is wrong: does any rule fire all the same?',
  from: 1,
  begin: () => undefined,
  end: () => undefined,
  mustFire: [],
  signals: [],
  broken: ({ messages: { sent, delivered } }) =>
    delivered < sent ? [`${sent - delivered} messages were not delivered though nothing was wrong`] : [],
};
