import DOMPurify from 'dompurify';
import { memo, useMemo } from 'react';

/** What a message may be made of. No images, no styles, no ids: nothing that loads, hides or covers. */
const allowed = {
  ALLOWED_TAGS: [
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'a',
    'p',
    'br',
    'ul',
    'ol',
    'li',
    'blockquote',
    'code',
    'pre',
    'span',
    'div',
  ],
  ALLOWED_ATTR: ['href'],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|sips?|tel):/i,
};

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noreferrer noopener');
  // The words of a link may promise another address than the one it has.
  node.setAttribute('title', node.getAttribute('href') ?? '');
});

/** A formatted message of a peer who is hostile until proven otherwise. */
export const Html = memo(function Html({ html }: { html: string }) {
  const clean = useMemo(() => DOMPurify.sanitize(html, allowed), [html]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised on the line above
  return <div className="bubble__text bubble__html" dir="auto" dangerouslySetInnerHTML={{ __html: clean }} />;
});
