import { expect, test } from 'vitest';
import { z } from 'zod';
import { readBusinessSettings } from '../../src/config/business-settings.ts';
import { linesOf } from './fixtures.ts';

const text = { meaning: 'm', allowed: 'a word', schema: z.string().regex(/^\w+$/) };

test('a business reads its own variables, as texts under their full names', () => {
  const settings = {
    MAIL_ROOM_A: { ...text, default: 'x' },
    MAIL_ROOM_B: text,
    MAIL_ROOM_C: { ...text, schema: text.schema.optional() },
  };
  const businesses = [{ name: 'mail-room', settings }, { name: 'plain' }];
  expect(readBusinessSettings(businesses, { MAIL_ROOM_B: ' y ' })).toEqual({
    'mail-room': { MAIL_ROOM_A: 'x', MAIL_ROOM_B: 'y' },
    plain: {},
  });
  expect(linesOf(() => readBusinessSettings(businesses, { MAIL_ROOM_A: 'x y' }))).toEqual([
    'MAIL_ROOM_A: found "x y"; allowed: a word',
    'MAIL_ROOM_B: found nothing; allowed: a word',
  ]);
});

test('a secret of a business is hidden', () => {
  const businesses = [{ name: 'a', settings: { A_PIN: { ...text, secret: true } } }];
  expect(linesOf(() => readBusinessSettings(businesses, { A_PIN: '12 34' }))).toEqual([
    'A_PIN: found (hidden); allowed: a word',
  ]);
});

test('a variable of a business has its prefix and one owner', () => {
  const optional = { ...text, default: 'x' };
  const businesses = [
    { name: 'mail', settings: { MAIL_ROOM_A: optional, OTHER: optional } },
    { name: 'mail-room', settings: { MAIL_ROOM_A: optional } },
    { name: 'service', settings: { SERVICE_NAME: optional } },
  ];
  expect(linesOf(() => readBusinessSettings(businesses, {}))).toEqual([
    'business "mail": OTHER: found a name without its prefix; allowed: a name that begins with MAIL_',
    'business "mail-room": MAIL_ROOM_A: found a variable of business "mail"; allowed: a name of its own',
    'business "service": SERVICE_NAME: found a variable of the service; allowed: a name of its own',
  ]);
});

test('a business that sends or handles messages needs a way to Service Bus', () => {
  const fault =
    'SERVICEBUS_NAMESPACE: found nothing, and no SERVICEBUS_CONNECTION_STRING; allowed: one of the two, because this service sends or handles messages';
  for (const business of [
    { name: 'a', sends: ['q'] },
    { name: 'b', handlers: { q: async () => {} } },
  ]) {
    expect(linesOf(() => readBusinessSettings([business], {}))).toEqual([fault]);
    expect(linesOf(() => readBusinessSettings([business], { SERVICEBUS_NAMESPACE: 'x' }))).toEqual([]);
  }
  const without = [{ name: 'c', sends: [], handlers: {} }, { name: 'd' }];
  expect(linesOf(() => readBusinessSettings(without, {}))).toEqual([]);
});
