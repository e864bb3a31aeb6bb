import type { IngestionMode } from './ingestion-faults.ts';
import type { Row } from './tables.ts';

const overQuota: readonly IngestionMode['mode'][] = ['402', '439'];
/** The states of Azure's `dataIngestionStatus`. */
const details = {
  OverQuota: 'Data collection stopped: the daily cap is reached. Ingestion status = OverQuota',
  RespectQuota: 'Data collection started: the daily cap was reset. Ingestion status = RespectQuota',
};

/**
 * What Azure tells in `Operation` when the daily cap is reached and when it is reset: here, when the ingestion is told to
 * answer so and told to stop it.
 */
export function operationRows(from: IngestionMode['mode'], to: IngestionMode['mode'], now: Date): Row[] {
  const [was, is] = [overQuota.includes(from), overQuota.includes(to)];
  if (was === is) return [];
  return [
    {
      TimeGenerated: now.toISOString(),
      Type: 'Operation',
      OperationCategory: 'Data Collection Status',
      OperationStatus: is ? 'Warning' : 'Succeeded',
      Detail: is ? details.OverQuota : details.RespectQuota,
      Solution: 'LogManagement',
      _IsBillable: 'false',
    },
  ];
}
