import type { Failure } from '../../domain/failure';
import type { FileItem, FileTrouble, Transfer } from '../../domain/file';
import { sizeInWords } from '../../protocol/shared/sizeInWords';
import { failureText } from './failureText';

/** Where a file is, as one sentence or two. `who` is the first name of the other person, or the conference. */
export function fileStateText({ own, route, state }: FileItem, who: string): string {
  const isStored = route.is === 'store';
  switch (state.is) {
    case 'offered':
      if (!own) return isStored ? 'Ready to download' : 'Waits for you';
      return isStored ? 'Waits to be uploaded' : `Waits until ${who} accepts it`;
    case 'moving':
      return own ? 'Sending…' : 'Receiving…';
    case 'interrupted':
      if (state.bytes === 0) return 'Waits for the connection. It goes on when that is back.';
      return `Interrupted at ${sizeInWords(state.bytes)}. It goes on from there when the connection is back.`;
    case 'done':
      if (own) return isStored ? `Sent to ${who}` : 'Delivered';
      return state.place === 'disk' ? 'Saved where you wanted it' : 'Received. Save it to open it.';
    case 'declined':
      return own ? `${who} declined this file.` : 'You declined this file.';
    case 'missed':
      return `You did not answer in time. Ask ${who} to send it again.`;
    case 'cancelled':
      return state.byUs ? 'You cancelled it.' : `${who} cancelled it.`;
    case 'failed':
      return `${own ? 'Not delivered' : 'Not received'}. ${fileFailureText(state.failure, { who, own })}`;
  }
}

/** Why a file did not go, and what to do. */
export function fileFailureText(failure: Failure, { who, own }: { who: string; own: boolean }): string {
  switch (failure.is) {
    case 'file':
      return troubleTexts[failure.what](own, who);
    case 'malformed':
      return 'The answer could not be read. Look at it in Trace.';
    case 'timedOut':
      return `${who} did not answer. Try again when ${who} has time.`;
    case 'connectionLost':
      return 'The connection was lost and did not come back in time. Try again.';
    case 'storage':
      return troubleTexts.noRoom(own, who);
    case 'rejected':
      return rejectionText(failure, { who, own });
    default:
      return failureText(failure, who);
  }
}

const troubleTexts: Readonly<Record<FileTrouble, (own: boolean, who: string) => string>> = {
  damaged: (own) =>
    own
      ? 'What arrived was not the same as what was sent, so it was thrown away. Send it again.'
      : 'What arrived was not the same as what was sent, so it was thrown away. Ask for it again.',
  notAsOffered: (_own, who) => `${who} sent something else than was offered. It was thrown away.`,
  changed: () => 'The file was changed, moved or deleted after you chose it. Choose it again.',
  pageClosed: (own, who) =>
    own
      ? 'The page that was sending it was closed. Send it again.'
      : `The page that was receiving it was closed. Ask ${who} to send it again.`,
  noRoom: (own, who) =>
    own
      ? `There is no room for it on ${who}’s side.`
      : `This device has no room for it. Free some space, then ask ${who} to send it again.`,
};

/** FIL-3: what the server's store says. */
const storeTexts: Readonly<Record<number, (own: boolean, who: string) => string>> = {
  60000: (own, who) =>
    own
      ? 'The server has given up what had been sent of it. Try again.'
      : `The server does not keep it any more. Ask ${who} to send it again.`,
  60001: () => failureText({ is: 'forbidden', policy: 'files' }, ''),
  60002: () => 'It is larger than you may send.',
  60003: () => failureText({ is: 'forbidden', policy: 'fileEnding' }, ''),
  60004: () =>
    'Your files take all the room that you have on the server. Wait until some expire, or ask your administrator.',
  60005: () => 'The server has no room for it. Try again later, or ask your administrator.',
  60006: () => 'Too many files of yours have not got to the server yet. Wait for them, then try again.',
};

function rejectionText(
  failure: Extract<Failure, { is: 'rejected' }>,
  { who, own }: { who: string; own: boolean },
): string {
  const said = storeTexts[failure.diagnostics?.id ?? 0];
  if (said !== undefined) return said(own, who);
  switch (failure.status) {
    case 481:
      return 'You are not in this conference any more. Join it again, then try again.';
    case 415:
    case 488:
    case 501:
    case 606:
      return `${who}’s program cannot receive files from Confab. Send it another way, by mail for example.`;
    case 404:
    case 480:
      return `${who} is unavailable or offline. Try again when ${who} is back.`;
    case 486:
      return `${who} has too many files waiting. Try again later.`;
    case 413:
      return `It is larger than ${who} may receive.`;
    case 403:
      return failure.diagnostics === undefined
        ? `${who} may not receive files of this kind.`
        : failureText(failure, who);
    default:
      return failureText(failure, who);
  }
}

/** `12 MB of 40 MB · 3.4 MB/s · 8 s left`. */
export function progressText(transfer: Pick<Transfer, 'bytes' | 'bytesPerSecond'>, size: number): string {
  const parts = [`${sizeInWords(transfer.bytes)} of ${sizeInWords(size)}`];
  const { bytesPerSecond: rate } = transfer;
  if (rate !== null && rate > 0) {
    parts.push(`${sizeInWords(rate)}/s`, `${leftText(Math.ceil((size - transfer.bytes) / rate))} left`);
  }
  return parts.join(' · ');
}

function leftText(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
