import { type Depot, parcelIdOf } from '../../../test/fixture-business/parcel.ts';

export { parcelIdOf };

export interface ParcelToSend {
  content?: string;
  depot?: Depot | (string & {});
  /** `Idempotency-Key`, which with the content makes the parcel's id. */
  key?: string;
  /** Instead of what the others say; undefined takes a header away. */
  headers?: Readonly<Record<string, string | undefined>>;
  /** Instead of the JSON of the others. */
  body?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: { parcelId?: string; type?: string; title?: string; status?: number; detail?: string };
}

/** Sends one parcel as a caller does. */
export async function postParcel(
  service: { url: string },
  parcel: ParcelToSend = {},
  path = '/parcels',
): Promise<Answer> {
  const { content = 'content', depot = 'north', key, headers = {} } = parcel;
  const given = {
    'content-type': 'application/json',
    ...(key !== undefined && { 'idempotency-key': key }),
    ...headers,
  };
  const sent = Object.entries(given).filter((header): header is [string, string] => header[1] !== undefined);
  const body = parcel.body ?? JSON.stringify({ depot, content });
  const response = await fetch(service.url + path, { method: 'POST', headers: sent, body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
