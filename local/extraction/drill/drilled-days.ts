import { aggregateRows } from '../rows/aggregate-rows.ts';
import { eventOf, type RowColumns } from '../rows/row-columns.ts';
import { type LastCall, splitLastHour } from '../service/last-calls.ts';
import type { HourRow } from '../service/rows-of-service.ts';
import { hours } from '../world/account.ts';
import type { Campaign } from '../world/campaign.ts';
import { attackersOf, honestWorld, runAttackers, runHonest } from '../world/drawn-world.ts';

/** Fourteen days: rows of all but the last hour, and calls of that one. */
export interface DrilledDays {
  readonly honest: RowColumns;
  readonly attackers: RowColumns;
  /** Of the last hour, those of both. */
  readonly calls: readonly LastCall[];
  /** Whether a fingerprint is one of the attacker's. */
  isAttacker(fingerprint: number): boolean;
  /** Hours from the beginning to the first account of the attacker. */
  readonly beginsAt: number;
}

/** Generates the days of a drill, with so many calls in the last hour at most: first those of the attacker. */
export function drilledDays(seed: number, campaign: Campaign, most: number): DrilledDays {
  const world = honestWorld(seed);
  const accounts = attackersOf(world, campaign);
  const [honest, attackers] = [aggregateRows(), aggregateRows()];
  const ofAttackers = splitLastHour(attackers, most);
  runAttackers(world, campaign, accounts, ofAttackers);
  const ofHonest = splitLastHour(honest, most - ofAttackers.calls.length);
  runHonest(world, ofHonest);
  return {
    honest: honest.rows,
    attackers: attackers.rows,
    calls: [...ofHonest.calls, ...ofAttackers.calls],
    isAttacker: (fingerprint) => fingerprint >= world.fingerprints,
    beginsAt: Math.min(...accounts.map(({ opened }) => opened)),
  };
}

/** Puts what the service wrote of the last hour into that hour. */
export function addLastHour(rows: RowColumns, written: readonly HourRow[]): void {
  const [firstMinute, end] = [(hours - 1) * 60 + 1, hours * 60];
  for (const { event, fingerprint, caller = -1, route = -1, calls, callers } of written) {
    const isSeen = event === 'caller-seen';
    const of = isSeen ? eventOf.callerSeen : eventOf.trafficShape;
    rows.add(of, isSeen ? firstMinute : end, 0, route, fingerprint, caller, calls, callers, 0);
  }
}
