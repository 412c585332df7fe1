import type { Failure } from '../../domain/failure';
import type { Surface } from '../../protocol/lync/sharingSdp';
import { failureText } from './failureText';

const surfaces: Record<Surface, string> = { desktop: 'a desktop', program: 'a program', tab: 'a browser tab' };

/** `a program`; `something` when not told. */
export function surfaceText(surface: Surface | null): string {
  return surface === null ? 'something' : surfaces[surface];
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
  if (failure.status === 415 || failure.status === 488 || failure.status === 606) {
    return `You cannot share with ${who}. The program on the other side cannot show it.`;
  }
  return failureText(failure, who);
}
