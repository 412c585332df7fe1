import { isValidElement } from 'react';
import { expect, it } from 'vitest';
import { linksOf } from './Linked';

/** Links as `[shown -> address]`, everything else as it is. */
const drawn = (text: string): string =>
  linksOf(text)
    .map((part) => {
      if (!isValidElement<{ href: string; children: string; rel: string; target: string }>(part)) return String(part);
      const { href, children, rel, target } = part.props;
      expect([rel, target]).toEqual(['noreferrer noopener', '_blank']);
      return `[${children} -> ${href}]`;
    })
    .join('');

it.each<[string, string, string]>([
  ['no address', 'hello there', 'hello there'],
  [
    'an address in a sentence',
    'See https://a.example/b, please.',
    'See [https://a.example/b -> https://a.example/b], please.',
  ],
  ['brackets of the address', '(https://a.example/b_(c))', '([https://a.example/b_(c) -> https://a.example/b_(c)])'],
  ['www', 'www.a.example!', '[www.a.example -> https://www.a.example/]!'],
  [
    'two of them',
    'http://a.example http://b.example',
    '[http://a.example -> http://a.example/] [http://b.example -> http://b.example/]',
  ],
  ['a script', 'javascript:alert(1) data:text/html,x', 'javascript:alert(1) data:text/html,x'],
  ['markup', '<a href="https://a.example">x</a>', '<a href="[https://a.example -> https://a.example/]">x</a>'],
  ['no host', 'https:// and http://x', 'https:// and http://x'],
  [
    'a name before it that looks like another host',
    'https://bank.example@evil.example/',
    'https://bank.example@evil.example/',
  ],
  ['nothing', '', ''],
])('links %s', (_what, text, expected) => {
  expect(drawn(text)).toBe(expected);
});

it('reads a long text without addresses in a moment', () => {
  const before = performance.now();
  linksOf('www'.repeat(20_000));
  linksOf('https://a.example/'.padEnd(60_000, ')'));
  expect(performance.now() - before).toBeLessThan(200);
});
