import type { z } from 'zod';
import type { Read, Rows } from './environment.ts';

export type Level = 1 | 2 | 3 | 4 | 5;

/** The name of each level and the question that it answers. */
export type Levels = Readonly<Record<Level, { name: string; answers: string }>>;

/**
 * Describes a module: data only, always imported. The loader checks names, needs and sections with it, and the
 * generator writes docs and Bicep from it. A section is checked even while its module is off.
 */
export interface ModuleManifest {
  name: string;
  level: Level | 'opt-in';
  /** The question that it answers, as its page in `docs/modules` says it. */
  answers: string;
  /** Modules that must be on when this one is. */
  needs: readonly string[];
  /** Its section of `observability.json`: its schema gives every key a default and a description. */
  section?: { key: string; schema: z.ZodObject };
  /** Its own environment variables; of two modules with one variable both name the same row. */
  variables?: Rows;
}

export type Manifests = readonly ModuleManifest[];

/** The section of a module as its schema reads it, with every default filled in. */
export type SectionOf<M extends ModuleManifest> = M extends { section: { schema: infer S extends z.ZodObject } }
  ? z.output<S>
  : undefined;

/** The variables of a module as the schemas of their rows read them. */
export type VariablesOf<M extends ModuleManifest> = M extends { variables: infer R extends Rows } ? Read<R> : unknown;
