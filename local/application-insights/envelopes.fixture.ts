/** Envelopes as the exporter writes them (1.0.0-beta.45), for tests that need no exporter. */

export const OPERATION = '0af7651916cd43dd8448eb211c80319c';

export const envelope = (baseType: string, baseData: object, over: object = {}) => ({
  ver: 1,
  name: `Microsoft.ApplicationInsights.${baseType}`,
  time: '2026-11-22T10:00:00.123Z',
  sampleRate: 100,
  iKey: '11111111-2222-3333-4444-555555555555',
  tags: {
    'ai.cloud.role': 'shop',
    'ai.cloud.roleInstance': 'shop-1',
    'ai.application.ver': '1.2.3',
    'ai.operation.id': OPERATION,
    'ai.operation.parentId': 'b7ad6b7169203331',
    'ai.internal.sdkVersion': 'node24:otel2.10.0:dst1.20.0',
  },
  data: { baseType, baseData: { ver: 2, properties: {}, measurements: {}, ...baseData } },
  ...over,
});

export const request = (over: object = {}, envelopeOver: object = {}) =>
  envelope(
    'RequestData',
    {
      id: '00f067aa0ba902b7',
      name: 'POST /items',
      duration: '00:00:01.2505',
      success: false,
      responseCode: '503',
      url: 'http://127.0.0.1/items',
      properties: { 'http.flavor': '1.1' },
      measurements: { bytes: 12.5 },
      ...over,
    },
    envelopeOver,
  );

export const message = (text: string) => envelope('MessageData', { message: text, severityLevel: 'Warning' });

export const track = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(new URL('/v2.1/track', url), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
