import { createHash } from 'node:crypto';
import { createEngine, type KqlEngine } from '../../kql/index.ts';
import { aggregateRows } from '../rows/aggregate-rows.ts';
import { type CallTotals, countCalls, toAll } from '../rows/call-totals.ts';
import { openSecurityTable } from '../rows/security-table.ts';
import { endsAt } from '../world/account.ts';
import type { Campaign } from '../world/campaign.ts';
import { attackersOf, type HonestWorld, honestWorld, runAttackers, runHonest } from '../world/drawn-world.ts';
import { type RuleName, readRule, ruleNames } from './extraction-rules.ts';

/** What a rule reported in one cell of one seed, in accounts. */
export interface Reported {
  readonly honest: number;
  readonly attackers: number;
}

export interface JudgedCell {
  /** Attackers that called at all: the others left no row. */
  readonly attackers: number;
  readonly rules: Readonly<Record<RuleName, Reported>>;
  readonly totals: CallTotals;
}

/** One seed with its honest rows in the table, on which campaigns are judged one after the other. */
export interface JudgedWorld {
  readonly world: HonestWorld;
  readonly honest: CallTotals;
  readonly honestCalls: number;
  judge(campaign: Campaign): Promise<JudgedCell>;
  close(): void;
}

const idOf = (key: string, number: number): string =>
  createHash('md5').update(`${key} fingerprint ${number}`).digest('hex');

/**
 * Lays the honest rows of a seed. A rule is evaluated once, at the end of the fourteen days; an account counts as reported when a row
 * of the answer names a fingerprint with which it was seen.
 */
export async function openWorld(seed: number): Promise<JudgedWorld> {
  const key = `key ${seed}`;
  const world = honestWorld(seed);
  const honest = countCalls();
  const rows = aggregateRows();
  runHonest(world, toAll([rows, honest]));
  const table = await openSecurityTable(key);
  await table.keep(rows.rows);
  const engine = createEngine({ tables: table.tables, now: () => new Date(endsAt), limits: { seconds: 120 } });
  const honestIds = new Map(Array.from({ length: world.fingerprints }, (_, number) => [idOf(key, number), number]));
  return {
    ...{ world, honest, honestCalls: honest.calls() },
    async judge(campaign) {
      const attackers = attackersOf(world, campaign);
      const totals = countCalls();
      const added = aggregateRows();
      runAttackers(world, campaign, attackers, toAll([added, totals]));
      await table.change(added.rows);
      const ids = new Map(honestIds);
      for (const number of totals.fingerprints.keys()) ids.set(idOf(key, number), number);
      const rules = {} as Record<RuleName, Reported>;
      for (const name of ruleNames) {
        const found = await reportedBy(engine, readRule(name), ids);
        rules[name] = { honest: countSeenWith(honest, found), attackers: countSeenWith(totals, found) };
      }
      return { attackers: totals.accounts.size, rules, totals };
    },
    close() {
      engine.close();
      table.close();
    },
  };
}

async function reportedBy(engine: KqlEngine, query: string, ids: ReadonlyMap<string, number>): Promise<Set<number>> {
  const { rows } = await engine.run(query);
  return new Set(rows.map(({ Fingerprint }) => ids.get(String(Fingerprint)) ?? -1));
}

/** Accounts that were seen with one of these fingerprints. */
export const countSeenWith = ({ seenWith }: CallTotals, fingerprints: ReadonlySet<number>): number =>
  [...seenWith.values()].filter((own) => own.some((each) => fingerprints.has(each))).length;
