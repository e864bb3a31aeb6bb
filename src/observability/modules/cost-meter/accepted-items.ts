import type { Delivery } from '../application-insights/delivery.ts';
import type { Item } from './row-size.ts';

/**
 * Shows every item that the ingestion endpoint has accepted, also of batches that the exporter had stored. What goes wrong
 * here is given to `failed` and changes nothing of the delivery.
 */
export const watchAccepted = (seen: (item: Item) => void, failed: () => void): Delivery['policy'] => ({
  position: 'perCall',
  policy: {
    name: 'cost-meter',
    async sendRequest(request, next) {
      const response = await next(request);
      try {
        for (const item of acceptedOf(String(request.body), response)) seen(item);
      } catch {
        failed();
      }
      return response;
    },
  },
});

function acceptedOf(body: string, { status, bodyAsText }: { status: number; bodyAsText?: string | null }): Item[] {
  if (status !== 200 && status !== 206) return [];
  const items: Item[] = JSON.parse(body);
  if (status === 200) return items;
  const { errors }: { errors: { index: number }[] } = JSON.parse(bodyAsText ?? '');
  const refused = new Set(errors.map(({ index }) => index));
  return items.filter((_, index) => !refused.has(index));
}
