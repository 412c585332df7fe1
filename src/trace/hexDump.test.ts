import { expect, it } from 'vitest';
import { hexDump } from './hexDump';

it('shows every byte, in UTF-8, sixteen a line', () => {
  expect(hexDump('SIP/2.0 200 OK\r\nÜ')).toBe(
    '00000  53 49 50 2f 32 2e 30 20 32 30 30 20 4f 4b 0d 0a  SIP/2.0 200 OK..\n' +
      '00010  c3 9c                                            ..',
  );
  expect(hexDump('')).toBe('');
});

it('is cut where it would be too long to show', () => {
  expect(hexDump('a'.repeat(100), 32).split('\n')).toHaveLength(2);
});
