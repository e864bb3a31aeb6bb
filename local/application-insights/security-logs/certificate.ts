import { generate } from 'selfsigned';

/** A key, and the certificate for it that only the service of this run trusts, both in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const LIFETIME_MS = 30 * 24 * 60 * 60 * 1_000;

/** Makes a certificate for this machine by its loopback address and name. It lives in memory, and so does its key. */
export async function createCertificate(now = Date.now()): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Azure on your machine' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // An hour earlier, because the clock of this machine may be set back.
    notBeforeDate: new Date(now - 60 * 60 * 1_000),
    notAfterDate: new Date(now + LIFETIME_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { key, cert };
}
