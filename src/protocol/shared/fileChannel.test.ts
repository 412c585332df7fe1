import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { type FileWord, formatFileWord, parseFileWord } from './fileChannel';

describe('FTR-4 words beside the bytes', () => {
  it.each<FileWord>([
    { is: 'taken', bytes: 65_536 },
    { is: 'end', sha256: 'a'.repeat(64) },
    { is: 'done' },
    { is: 'stop', why: 'noRoom' },
  ])('are written and read: %j', (word) => {
    expect(parseFileWord(formatFileWord(word))).toEqual(word);
    expect(parseFileWord(JSON.stringify({ ...word, more: 1 }))).toEqual(word);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'done'],
    ['no object', 'null'],
    ['half a byte', '{"is":"taken","bytes":0.5}'],
    ['less than nothing', '{"is":"taken","bytes":-1}'],
    ['no digest', '{"is":"end","sha256":"x"}'],
    ['a reason that is none', '{"is":"stop","why":"bored"}'],
    ['another word', '{"is":"begin"}'],
    ['far too much', `{"is":"done","more":"${'x'.repeat(200)}"}`],
  ])('refuses %s', (_what, text) => {
    expect(() => parseFileWord(text)).toThrow(MalformedBody);
  });
});
