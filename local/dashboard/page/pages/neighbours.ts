import { html } from 'htm/preact';
import type { TransactionList } from '../../api/contract.ts';
import { icon } from '../parts/icons.ts';
import { useKeys } from '../parts/use-keys.ts';
import { useResource } from '../resource.ts';
import { go, to, transactionPath, useAddress } from '../router.ts';
import { rangeOf } from '../url-state.ts';

/** The transactions before and after one in the list. */
export function Neighbours({ id }: { id: string }) {
  const { search } = useAddress();
  const rows = useResource<TransactionList>(`transactions?${rangeOf(search)}`).data?.rows ?? [];
  const at = rows.findIndex(({ operationId }) => operationId === id);
  // The newest stands first in the list.
  const previous = at >= 0 ? rows[at + 1] : undefined;
  const next = at > 0 ? rows[at - 1] : undefined;
  const open = (row: (typeof rows)[number] | undefined) =>
    row && go(to(transactionPath(row.operationId)), { replace: true });
  useKeys({ before: () => open(previous), after: () => open(next) });
  return html`<button class="button icon quiet neighbour" aria-label="Transaction before ([)" disabled=${!previous} onClick=${() => open(previous)}>${icon('left')}</button>
    <button class="button icon quiet neighbour" aria-label="Transaction after (])" disabled=${!next} onClick=${() => open(next)}>${icon('right')}</button>`;
}
