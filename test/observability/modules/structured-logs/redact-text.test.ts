import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactText } from '../../../../src/observability/modules/structured-logs/redact-text.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl-_';

describe('hides the secret and leaves what kind of value it was', () => {
  test.each([
    [
      'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=c2VjcmV0/+=;EntityPath=files',
      'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=REDACTED;EntityPath=files',
    ],
    [
      'DefaultEndpointsProtocol=https;AccountName=store;AccountKey=c2VjcmV0==;EndpointSuffix=core.windows.net',
      'DefaultEndpointsProtocol=https;AccountName=store;AccountKey=REDACTED;EndpointSuffix=core.windows.net',
    ],
    [
      'InstrumentationKey=11111111-2222-3333-4444-555555555555;IngestionEndpoint=https://in.test/',
      'InstrumentationKey=REDACTED;IngestionEndpoint=https://in.test/',
    ],
    ['Server=db;User Id=app;Password=hunter2;Encrypt=true', 'Server=db;User Id=app;Password=REDACTED;Encrypt=true'],
    ['SharedAccessSignature sr=sb%3a%2f%2fns&sig=abc%3d&se=1&skn=Root', 'SharedAccessSignature REDACTED'],
    ['Authorization: Bearer abc.def', 'Authorization: REDACTED'],
    ['sent with bearer abc123', 'sent with bearer REDACTED'],
    ['sent with Basic dXNlcjpwYXNz', 'sent with Basic REDACTED'],
    [`token was ${jwt}, refused`, 'token was REDACTED, refused'],
    ['Cookie: a=1; b=2\nHost: x', 'Cookie: REDACTED\nHost: x'],
    [
      'GET https://blob.test/c/f.txt?sv=2024&sig=a%2Fb failed',
      'GET https://blob.test/c/f.txt?sv=REDACTED&sig=REDACTED failed',
    ],
    ['GET /orders?customer=ada&page=2', 'GET /orders?customer=REDACTED&page=REDACTED'],
    ['amqps://user:p@ss@host/vhost', 'amqps://REDACTED@host/vhost'],
    ['{"user":"ada","password":"correct horse, \\"battery\\"","n":1}', '{"user":"ada","password":REDACTED,"n":1}'],
    ['{\\"clientSecret\\":\\"abc\\"}', '{\\"clientSecret\\":REDACTED}'],
    ['api_key: abc', 'api_key: REDACTED'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nnext', 'REDACTED\nnext'],
  ])('%s', (text, safe) => expect(redactText(text)).toBe(safe));
});

test('long text is cut, and a secret that lies across the cut is still hidden', () => {
  const cut = redactText(`${'x'.repeat(8_180)} AccountKey=${'s3cret'.repeat(50)}`);
  expect(cut.length).toBeLessThan(8_250);
  expect(cut).not.toContain('s3cret');
  expect(redactText('y'.repeat(100_000))).toMatch(/^y+… \(cut\)$/);
});

const frames: ((secret: string) => string)[] = [
  (secret) => `Bearer ${secret}`,
  (secret) => `https://host/path?x=1&token=${secret}`,
  (secret) => `https://user:${secret}@host/`,
  (secret) => `Endpoint=sb://x/;SharedAccessKey=${secret};x=1`,
  (secret) => `{"password":"${secret}"}`,
  (secret) => `client_secret=${secret}`,
  (secret) => `Set-Cookie: session=${secret}; HttpOnly`,
];

test('whatever stands around a secret, it is hidden', () => {
  const secret = fc.stringMatching(/^[A-Za-z\d]{8}Zq9$/);
  const around = fc.string({ maxLength: 60 }).map((text) => `${text} `);
  fc.assert(
    fc.property(around, fc.constantFrom(...frames), secret, around, (before, frame, hidden, after) => {
      expect(redactText(`${before}${frame(hidden)} ${after}`)).not.toContain(hidden);
    }),
    { numRuns: 500 },
  );
});
