import type { FormatName, UnreadableReason } from '../../trace/formats/traceFormat';

/** Why a file cannot be read as a trace, or not to its end, and what to do. */
export function unreadableText(reason: UnreadableReason): string {
  switch (reason.is) {
    case 'unknown':
      return 'This is none of the logs that Trace can read: Snooper text of OCS and Lync servers, a .uccapilog of a Lync client, pcapng and pcap, and JSON of Confab.';
    case 'etl':
      return 'This is the binary log of OCSLogger. Open it there with “View Log Files”, save the text, and open that.';
    case 'empty':
      return 'The file is empty.';
    case 'damaged':
      return `The file is damaged ${placeOf(reason.format, reason.at)}. What came before is shown.`;
  }
}

export const goneText = 'The file cannot be read any more. It may have been moved or changed; open it again.';

const placeOf = (format: FormatName, at: number): string =>
  format === 'json' ? `in line ${at}` : `after ${at.toLocaleString('en')} bytes`;

/** What was passed over in a file that was read to its end; `null` where that is nothing. */
export function skippedText(skipped: number): string | null {
  if (skipped === 0) return null;
  return `${skipped} ${skipped === 1 ? 'record' : 'records'} could not be read and ${skipped === 1 ? 'was' : 'were'} passed over.`;
}
