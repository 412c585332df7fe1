import type { Failure } from '../../domain/failure';
import type { Sharing } from '../../domain/sharing';
import type { Surface } from '../../protocol/lync/sharingSdp';
import type { Aor } from '../../protocol/sip/uri';
import { failureText } from './failureText';

const surfaces: Record<Surface, string> = { desktop: 'a desktop', program: 'a program', tab: 'a browser tab' };

/** `a program`; `something` when not told. */
export function surfaceText(surface: Surface | null): string {
  return surface === null ? 'something' : surfaces[surface];
}

const nouns: Record<Surface, string> = { desktop: 'desktop', program: 'program', tab: 'browser tab' };

/** `program`, after whose it is. */
export function surfaceNoun(surface: Surface | null): string {
  return surface === null ? 'screen' : nouns[surface];
}

/** What somebody has to do with what is shared, for the list of participants; `null` when nothing. */
export function partText(sharing: Sharing | undefined, { aor, isMe }: { aor: Aor; isMe: boolean }): string | null {
  if (sharing === undefined) return null;
  const { own, theirs } = sharing;
  if (isMe && own?.state === 'live') return `Sharing ${surfaceText(own.surface)}`;
  if (theirs?.sharer === aor) return theirs.surface === null ? 'Sharing' : `Sharing ${surfaceText(theirs.surface)}`;
  if ((own?.controller ?? theirs?.controller) === aor) return 'Has control';
  return own?.asking.includes(aor) ? 'Asking for control' : null;
}

interface Controllable {
  /** Who shows it, by first name. */
  sharer: string;
  surface: Surface | null;
  /** False: the sharer's program knows no pointers. */
  canPoint: boolean;
  canZoom: boolean;
  hasControl: boolean;
}

/** What control of somebody's screen is in a browser, and what it cannot be. */
export function controlText({ sharer, surface, canPoint, canZoom, hasControl }: Controllable): string {
  if (!canPoint) return `${sharer}’s program shows nobody’s pointer, so there is no control to ask for.`;
  const can = canZoom ? 'You can point, draw and zoom.' : 'You can point and draw.';
  const never = 'No browser lets you click or type on another computer.';
  return [can, never, canZoom ? '' : zoomText(sharer, surface, hasControl)].filter(Boolean).join(' ');
}

/** Why it cannot be zoomed from here. The sharer's browser asks only when control is given. */
function zoomText(sharer: string, surface: Surface | null, hasControl: boolean): string {
  if (surface === null) return '';
  if (surface !== 'tab') return 'Only a browser tab can be zoomed from here.';
  return hasControl ? `${sharer}’s browser does not let you zoom the tab.` : `Zooming is up to ${sharer}’s browser.`;
}

/** What others see of it, and what they do not. */
export const privacyTexts: Record<Surface, string> = {
  desktop: 'Everything on this screen, also messages that appear on it.',
  program: 'One window only. Pop-ups and other programs stay private.',
  tab: 'One browser tab only. Other tabs and programs stay private.',
};

/** [MS-OCER]: attendees may not share here. */
const onlyPresenters = 21002;

/** Why nothing is shown to `who`, a first name, or to a conference. */
export function sharingFailureText(failure: Failure, who: string): string {
  if (failure.is === 'malformed')
    return `You cannot share with ${who}. The answer could not be read; look at it in Trace.`;
  if (failure.is === 'timedOut') return `${who} did not answer.`;
  if (failure.is !== 'rejected') return failureText(failure, who);
  if (failure.diagnostics?.id === onlyPresenters) return 'Only a presenter can share in this conference.';
  if ([415, 488, 501, 606].includes(failure.status)) {
    return `You cannot share with ${who}. The program on the other side cannot show it.`;
  }
  return failureText(failure, who);
}
