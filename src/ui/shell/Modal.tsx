import { Dialog, DialogSurface } from '@fluentui/react-components';
import { type ReactNode, useEffect, useState } from 'react';

interface ModalProps {
  /** `alert` asks something that a click beside it must not answer. */
  type?: 'modal' | 'alert';
  className?: string;
  /** False when what it does takes the focus elsewhere. */
  returnsFocus?: boolean;
  /** It is gone from the screen; the owner may stop rendering it. */
  onClosed(): void;
  children(close: () => void): ReactNode;
}

/** A dialog that leaves as it came: after it has closed, the focus is back where it was. */
export function Modal({ type = 'modal', className, returnsFocus = true, onClosed, children }: ModalProps) {
  const [isOpen, setIsOpen] = useState(true);
  const [returnTo] = useState(openerOf);
  const close = () => setIsOpen(false);
  useEffect(() => () => returnFocus(returnsFocus ? returnTo : null), [returnTo, returnsFocus]);
  return (
    <Dialog
      open={isOpen}
      modalType={type}
      onOpenChange={(_event, { open }) => !open && close()}
      surfaceMotion={{ onMotionFinish: (_event, { direction }) => direction === 'exit' && onClosed() }}
    >
      <DialogSurface {...(className === undefined ? {} : { className })}>{children(close)}</DialogSurface>
    </Dialog>
  );
}

interface Opener {
  element: HTMLElement | null;
  /** Where it stood: what it was for may be gone with what it opened (a deleted group). */
  around: HTMLElement | null;
}

/** What had the focus; of an item in a menu, which goes, the menu's button. */
function openerOf(): Opener {
  const active = document.activeElement;
  const menu = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const opener = menu === null || menu === undefined ? active : document.getElementById(menu);
  const element = opener instanceof HTMLElement ? opener : null;
  return { element, around: element?.closest<HTMLElement>('[role="tree"], [data-region]') ?? null };
}

/** A dialog whose page goes with it (signed out by the server) would leave everything else hidden from screen readers. */
function returnFocus(to: Opener | null): void {
  requestAnimationFrame(() => {
    if (document.querySelector('.fui-DialogSurface') !== null) return;
    for (const element of document.body.children) element.removeAttribute('aria-hidden');
    if (to === null || (document.activeElement !== null && document.activeElement !== document.body)) return;
    if (to.element?.isConnected) to.element.focus();
    else to.around?.querySelector<HTMLElement>('[tabindex="0"], button, input')?.focus();
  });
}
