import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { formatKeyboardActivity, parseKeyboardActivity } from './keyboardActivity';

describe('KeyboardActivity (lync-wire 5.5)', () => {
  it.each([
    [true, '<?xml version="1.0"?><KeyboardActivity><status status="type"/></KeyboardActivity>'],
    [false, '<?xml version="1.0"?><KeyboardActivity><status status="idle"/></KeyboardActivity>'],
  ])('typing %s', (typing, text) => {
    expect(formatKeyboardActivity(typing)).toBe(text);
    expect(parseKeyboardActivity(text)).toBe(typing);
  });

  it('reads an unknown status as not typing', () => {
    expect(parseKeyboardActivity('<KeyboardActivity><status Status="TYPE"/></KeyboardActivity>')).toBe(true);
    expect(parseKeyboardActivity('<KeyboardActivity><status status="asleep"/></KeyboardActivity>')).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['words', 'typing'],
    ['another document', '<ConversationInfo><status status="type"/></ConversationInfo>'],
    ['no status', '<KeyboardActivity/>'],
    ['a status without a value', '<KeyboardActivity><status/></KeyboardActivity>'],
    ['a cut document', '<KeyboardActivity><status status="type"/>'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseKeyboardActivity(text)).toThrow(MalformedBody);
  });
});
