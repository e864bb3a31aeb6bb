import { z } from 'zod';
import { datetimeText } from '../kql/ticks.ts';
import type { Row, TableName } from './tables.ts';
import { datetimeTicks } from './workspace/datetime-ticks.ts';

const tags = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((sent) => sent ?? {});

/** What surrounds every telemetry item of the Breeze protocol. Keys that are not listed are ignored. */
export const envelopeSchema = z.object({
  time: z.iso
    .datetime({ offset: true, error: ({ input }) => `${JSON.stringify(input)} is not an ISO date and time` })
    .transform((value) => datetimeText(datetimeTicks(value))),
  iKey: z.string().nullish(),
  sampleRate: z.number().nullish(),
  tags,
  data: z.object({ baseType: z.string(), baseData: z.record(z.string(), z.unknown()) }),
});

export type Envelope = z.output<typeof envelopeSchema>;

const TAG_OF_COLUMN = {
  AppRoleName: 'ai.cloud.role',
  AppRoleInstance: 'ai.cloud.roleInstance',
  AppVersion: 'ai.application.ver',
  OperationId: 'ai.operation.id',
  OperationName: 'ai.operation.name',
  ParentId: 'ai.operation.parentId',
  SyntheticSource: 'ai.operation.syntheticSource',
  SessionId: 'ai.session.id',
  UserId: 'ai.user.id',
  UserAuthenticatedId: 'ai.user.authUserId',
  UserAccountId: 'ai.user.accountId',
  ClientModel: 'ai.device.model',
  ClientOS: 'ai.device.osVersion',
  SDKVersion: 'ai.internal.sdkVersion',
};

/** The columns that every table has. */
export function commonColumns(table: TableName, envelope: Envelope): Row {
  const fromTags: Record<string, unknown> = {};
  for (const [column, tag] of Object.entries(TAG_OF_COLUMN)) fromTags[column] = envelope.tags[tag];
  return {
    TimeGenerated: envelope.time,
    Type: table,
    ...fromTags,
    IKey: envelope.iKey,
    ClientType: envelope.tags['ai.device.type'] ?? 'PC',
    // Azure masks every address by default, after it has looked up the city.
    ClientIP: '0.0.0.0',
  };
}

/** How many items one row stands for after sampling. */
export function itemCount({ sampleRate }: Envelope): number {
  return sampleRate && sampleRate > 0 ? Math.max(1, Math.round(100 / sampleRate)) : 1;
}
