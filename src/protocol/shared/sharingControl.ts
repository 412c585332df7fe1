import { MalformedBody } from '../malformed';
import { type Aor, aorOf } from '../sip/uri';

/**
 * Ours: who may point into a shared program. INFO in the sharing dialog with one peer, or with the sharing MCU, which
 * passes it on with `Ms-Sender`. Only a viewer asks and gives up; only the sharer answers and takes back.
 */
export const sharingControlType = 'application/vnd.confab.sharing-control+json';
/** The extension by which an end says that it reads these, on INVITE and its 200. */
export const sharingControl = 'com.confab.sharing-control';

export type SharingControl =
  /** May I? */
  | { is: 'request' }
  /** I do not need it any more, or do not ask any more. */
  | { is: 'giveUp' }
  | { is: 'grant'; to: Aor }
  | { is: 'decline'; to: Aor }
  | { is: 'takeBack'; to: Aor };

const longest = 1000;

/** `{ "is": "grant", "to": "sip:bob@contoso.example" }` */
export function formatSharingControl(control: SharingControl): string {
  return JSON.stringify(control);
}

/** Throws `MalformedBody`. Fields that are not ours are dropped. */
export function parseSharingControl(text: string): SharingControl {
  const { is, to } = fieldsOf(text);
  if (is === 'request' || is === 'giveUp') return { is };
  const aor = typeof to === 'string' ? aorOf(to) : null;
  if ((is === 'grant' || is === 'decline' || is === 'takeBack') && aor !== null) return { is, to: aor };
  throw new MalformedBody('sharing control', 'it says nothing that we know');
}

function fieldsOf(text: string): Record<string, unknown> {
  if (text.length > longest) throw new MalformedBody('sharing control', 'it is too long');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw new MalformedBody('sharing control', 'it is no JSON');
  }
}
