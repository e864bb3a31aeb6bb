import { CommandRefused } from '../command-refused.ts';
import type { Parts } from './init-arguments.ts';
import type { Project } from './project.ts';

const path = 'infra/queues.json';

interface Entities {
  queues: Record<string, object>;
  topics: Record<string, object>;
}

const textOf = (entities: Entities) => `${JSON.stringify(entities, null, 2)}\n`;
const readEntities = (project: Project) => JSON.parse(project.read(path)) as Entities;

/** Those of the template that a business with these parts needs: its queue, its topic, and a queue for each subscription's retries. */
export function entitiesWith({ queues, topics }: Entities, parts: Parts): Entities {
  const needed = Object.entries(queues).filter(([name]) => parts.has(name.endsWith('.retry') ? 'topic' : 'worker'));
  return { queues: Object.fromEntries(needed), topics: parts.has('topic') ? topics : {} };
}

/** Throws `CommandRefused` when one of them is there already. */
export function checkEntities(project: Project, added: Entities): void {
  const { queues, topics } = readEntities(project);
  const taken = Object.keys({ ...added.queues, ...added.topics }).find((name) => name in queues || name in topics);
  if (taken) throw new CommandRefused(`${path} has "${taken}" already: choose another name.`);
}

export function addEntities(project: Project, added: Entities): void {
  const { queues, topics } = readEntities(project);
  project.write(path, textOf({ queues: { ...queues, ...added.queues }, topics: { ...topics, ...added.topics } }));
}

export function removeQueues(project: Project, names: readonly string[]): void {
  const { queues, topics } = readEntities(project);
  const kept = Object.entries(queues).filter(([name]) => !names.includes(name));
  project.write(path, textOf({ queues: Object.fromEntries(kept), topics }));
}
