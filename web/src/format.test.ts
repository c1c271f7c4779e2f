import { describe, expect, test } from 'vitest';
import { formats } from './format';

const nl = formats('nl');
const en = formats('en');
// Formats part an amount and its sign by a space that does not break.
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('an amount', () => {
  test.each([
    ['1234.50', '€ 1.234,50', '€1,234.50'],
    ['0.00', '€ 0,00', '€0.00'],
    ['-87.12', '€ -87,12', '-€87.12'],
    // More digits than a floating point number holds.
    ['90071992547409.93', '€ 90.071.992.547.409,93', '€90,071,992,547,409.93'],
  ])('of %s', (amount, dutch, english) => {
    expect(plain(nl.money({ amount, currency: 'EUR' }))).toBe(dutch);
    expect(plain(en.money({ amount, currency: 'EUR' }))).toBe(english);
  });
});

describe('a day', () => {
  test('is the same day wherever the reader is', () => {
    expect(nl.date('2027-04-18')).toBe('18 april 2027');
    expect(en.date('2024-02-29')).toBe('29 February 2024');
    expect(nl.dateShort('2026-12-31')).toBe('31 dec 2026');
  });
});

describe('a size', () => {
  test.each([
    [0, '0 byte'],
    [999, '999 byte'],
    [1000, '1 kB'],
    [41_600_000_000, '41,6 GB'],
    [50_000_000_000, '50 GB'],
    [2_000_000_000_000_000, '2.000 TB'],
  ])('of %d bytes', (bytes, text) => {
    expect(plain(nl.bytes(bytes))).toBe(text);
  });
});
