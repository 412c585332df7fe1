import { memo, type ReactNode } from 'react';

/** An address of a page, up to a blank; the sentence's own marks behind it do not belong to it. */
const address = /\b(?:https?:\/\/|www\.)[^\s<>"]+/gi;
const marks = '.,;:!?\'"”’»…';
const longestAddress = 2_000;

/** A text with the addresses of pages in it as links. Nothing else of it is markup. */
export const Linked = memo(function Linked({ text }: { text: string }) {
  return <>{linksOf(text)}</>;
});

/** The parts of a text: plain strings, and links as elements. */
export function linksOf(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const shown = withoutMarks(match[0]);
    const url = pageUrl(shown);
    if (url === null) continue;
    parts.push(
      text.slice(end, match.index),
      <a key={match.index} href={url} target="_blank" rel="noreferrer noopener">
        {shown}
      </a>,
    );
    end = match.index + shown.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** `https://x.example/a_(b)).` is `https://x.example/a_(b)`: a closing bracket stays where one was opened. */
function withoutMarks(found: string): string {
  let surplus = 0;
  for (const character of found) surplus += character === ')' ? 1 : character === '(' ? -1 : 0;
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    if (last === ')' && surplus > 0) surplus -= 1;
    else if (!marks.includes(last)) break;
  }
  return found.slice(0, end);
}

function pageUrl(shown: string): string | null {
  if (shown.length > longestAddress) return null;
  try {
    const url = new URL(shown.toLowerCase().startsWith('www.') ? `https://${shown}` : shown);
    // `https://bank.example@evil.example/` leads to evil.example.
    if (url.username !== '' || url.password !== '') return null;
    return url.hostname.includes('.') || url.hostname === 'localhost' ? url.href : null;
  } catch {
    return null;
  }
}
