import { type ReactNode, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

interface PopOutProps {
  title: string;
  onClosed(): void;
  children: ReactNode;
}

/**
 * A second window of ours that shows its children: drawn from here, so that the picture needs no session of its own. It goes
 * with this tab.
 */
export function PopOut({ title, onClosed, children }: PopOutProps) {
  const [body, setBody] = useState<HTMLElement | null>(null);
  const closed = useRef(onClosed);
  closed.current = onClosed;
  useEffect(() => {
    const popup = window.open('', '', 'popup,width=1080,height=680');
    if (popup === null) return closed.current();
    popup.document.documentElement.lang = 'en';
    copyStyles(document, popup.document);
    popup.document.body.className = 'popout';
    setBody(popup.document.body);
    const gone = () => closed.current();
    popup.addEventListener('pagehide', gone);
    return () => {
      popup.removeEventListener('pagehide', gone);
      popup.close();
    };
  }, []);
  useEffect(() => {
    if (body !== null) body.ownerDocument.title = title;
  }, [body, title]);
  return body === null ? null : createPortal(children, body);
}

/** The page's style sheets; of Fluent's, which are written by script, only the tokens are needed here. */
function copyStyles(from: Document, to: Document): void {
  for (const link of from.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    const copy = to.createElement('link');
    copy.rel = 'stylesheet';
    copy.href = link.href;
    to.head.append(copy);
  }
}
