import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FileToSend } from './post-file.ts';

/** A request as callers send it, what it must be answered with, and where its file must end. */
export interface ExampleRequest extends FileToSend {
  what: string;
  path?: string;
  status: number;
  /** Of the problem details, when it is refused. */
  type?: string;
  place?: string;
}

const limit = 192 * 1024;
const form = new FormData();
form.set('file', new Blob(['content']), 'a.txt');

const refusedName = (what: string, header: string | undefined): ExampleRequest => ({
  what,
  headers: { 'x-file-name': header },
  status: 400,
  type: 'invalid-file-name',
});

/** Files that are taken. Each key stands once, so that it tells the file. */
export const accepted: readonly ExampleRequest[] = [
  { what: 'a text', key: 'text', status: 202, place: 'documents' },
  { what: 'an image by its name', key: 'image', name: 'Größe 请 🚀.PNG', status: 202, place: 'images' },
  { what: 'one byte', key: 'byte', content: '0', status: 202, place: 'documents' },
  { what: 'the largest file', key: 'largest', content: randomBytes(limit), status: 202, place: 'archive' },
  {
    what: 'a file that no rule sends anywhere',
    key: 'nowhere',
    name: 'a.tmp',
    status: 202,
    place: 'dead-letter queue',
  },
  { what: 'the longest key', key: 'k'.repeat(100), status: 202, place: 'documents' },
  {
    what: 'a file that is packed on its way',
    key: 'packed',
    content: gzipSync('unpacked'),
    headers: { 'content-encoding': 'gzip' },
    status: 202,
    place: 'documents',
  },
];

export const refused: readonly ExampleRequest[] = [
  {
    what: 'other content under a key that is taken',
    key: 'text',
    content: 'other',
    status: 409,
    type: 'idempotency-key-reused',
  },
  { what: 'an empty body', content: '', status: 400, type: 'empty-file' },
  { what: 'a byte too many', content: randomBytes(limit + 1), status: 413, type: 'content-too-large' },
  {
    what: 'a small body that unpacks to a large one',
    content: gzipSync(Buffer.alloc(8 * limit)),
    headers: { 'content-encoding': 'gzip' },
    status: 413,
    type: 'content-too-large',
  },
  {
    what: 'a body in an unknown encoding',
    headers: { 'content-encoding': 'zip' },
    status: 415,
    type: 'unsupported-media-type',
  },
  { what: 'a form', content: form, status: 415, type: 'unsupported-media-type' },
  { what: 'no media type', headers: { 'content-type': 'text' }, status: 415, type: 'unsupported-media-type' },
  refusedName('no name', undefined),
  refusedName('a path upwards', '..%2F..%2Fetc%2Fpasswd'),
  refusedName('a path of Windows', 'C%3A%5Cautoexec.bat'),
  refusedName('a name of dots', '..'),
  refusedName('a name with a line end', 'a.txt%0D%0AX-Injected%3A%201'),
  refusedName('a name with a NUL', 'a.txt%00.png'),
  refusedName('a name that reads backwards', 'a%E2%80%AEtxt.exe'),
  refusedName('a blank name', '%20%20'),
  refusedName('broken percent-encoding', 'a%E0%A4%A.txt'),
  refusedName('a name of 256 bytes', encodeURIComponent(`${'請'.repeat(84)}.txt`)),
  { what: 'a key with a colon', key: 'a:2', status: 400, type: 'invalid-idempotency-key' },
  { what: 'a key that is too long', key: 'k'.repeat(101), status: 400, type: 'invalid-idempotency-key' },
  { what: 'a path that nobody serves', path: '/files/a.txt', status: 404, type: 'not-found' },
  { what: 'a path that is no path', path: '/%E0%A4%A', status: 404, type: 'not-found' },
];
