import { describe, expect, it } from 'vitest';
import { endingOf, isFileName } from './fileName';

describe('file names', () => {
  it.each([
    'plan.pdf',
    'Übersicht 2026 (final).docx',
    '報告.txt',
    'no ending',
    '.profile',
    'a..b',
    'x'.repeat(255),
    "it's.txt",
    '😀.png',
  ])('takes %j', (name) => {
    expect(isFileName(name)).toBe(true);
  });

  it.each([
    '',
    '.',
    '..',
    ' plan.pdf',
    'plan.pdf ',
    '../plan.pdf',
    '/etc/passwd',
    'C:\\plan.pdf',
    'a/b',
    'a\\b',
    'a\u0000.pdf',
    'a\r\nb.pdf',
    'a\u007f.pdf',
    'plan\u202efdp.exe',
    'plan\u2066.pdf',
    'what?.txt',
    'a:b',
    '<b>.html',
    'x'.repeat(256),
  ])('refuses %j', (name) => {
    expect(isFileName(name)).toBe(false);
  });

  it.each([
    ['plan.PDF', '.pdf'],
    ['archive.tar.gz', '.gz'],
    ['no ending', ''],
    ['.profile', '.profile'],
    ['dot.', ''],
  ])('the ending of %j is %j', (name, ending) => {
    expect(endingOf(name)).toBe(ending);
  });
});
