import { expect, it } from 'vitest';
import { sizeInWords } from './sizeInWords';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [12_345, '12 KB'],
  [1_000_000_000, '1.0 GB'],
  [6_500_000_000_000_000, '6500 TB'],
])('%d is %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});
