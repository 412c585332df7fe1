import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { fileMessages, fileMessageType, formatFileMessage, parseFileMessage, plainFileLine } from './fileMessage';

const message = {
  id: '0123456789abcdef0123456789abcdef',
  name: 'plan.pdf',
  size: 1_234_567,
  type: 'application/pdf',
  sha256: 'a'.repeat(64),
};
const damaged = (changes: object) => JSON.stringify({ ...message, ...changes });

describe('FIL-6 a message about a file', () => {
  it('is written, and read again without what is not ours', () => {
    expect(parseFileMessage(formatFileMessage(message))).toEqual(message);
    expect(parseFileMessage(damaged({ more: 1 }))).toEqual(message);
    expect(parseFileMessage(damaged({ type: 5 })).type).toBe('');
  });

  it('has these names on the wire, for good', () => {
    expect([fileMessages, fileMessageType]).toEqual(['com.confab.file', 'application/vnd.confab.file+json']);
  });

  it('is a line of text to whoever does not know it', () => {
    expect(plainFileLine(message)).toBe('plan.pdf (1.2 MB)');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<file/>'],
    ['no object', 'null'],
    ['no id', damaged({ id: '../../x' })],
    ['a path', damaged({ name: 'a/b' })],
    ['a name that hides its ending', damaged({ name: 'plan\u202efdp.exe' })],
    ['half a byte', damaged({ size: 0.5 })],
    ['less than nothing', damaged({ size: -1 })],
    ['a size in words', damaged({ size: '1' })],
    ['no digest', damaged({ sha256: 'x' })],
    ['far too much', damaged({ more: 'x'.repeat(5000) })],
  ])('refuses %s', (_what, text) => {
    expect(() => parseFileMessage(text)).toThrow(MalformedBody);
  });
});
