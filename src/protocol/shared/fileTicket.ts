import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf, type FocusUri, focusUriOf } from '../sip/uri';
import { attribute, child, formatXml, parseXml, type XmlElement, type XmlNode, xml } from '../xml';
import { isFileName } from './fileName';

/**
 * Ours: leave to put a file into the home server's store, or to get one out of it. SERVICE to the `confabFileStoreUri` of
 * provisioning; the bytes go over HTTP with the ticket (`Authorization: Bearer`). It is XML so that traces mask the ticket.
 */
export const fileTicketType = 'application/vnd.confab.file-ticket+xml';

const namespace = 'urn:confab:files';
/** Bytes; more than any disk has. */
const largestSize = 2 ** 50;

/** Who may get a file: the members of a conference while it lives, or one person (and always its owner). */
export type FileAudience = { is: 'conference'; focus: FocusUri } | { is: 'peer'; peer: Aor };

export interface FileFacts {
  name: string;
  /** Bytes. */
  size: number;
  /** Media type, as the owner has it; nobody believes it. */
  type: string;
  /** 64 hexadecimal digits; `null` before it is known. */
  sha256: string | null;
}

export type TicketRequest =
  | { is: 'upload'; to: FileAudience; file: FileFacts }
  /** Goes on with an upload of one's own. */
  | { is: 'resume'; id: string }
  | { is: 'download'; id: string };

export interface Ticket {
  /** Of the file: its address is `/files/ID` on the server of the WebSocket. */
  id: string;
  ticket: string;
  /** How long it may be used, in seconds. */
  lifetime: number;
  file: FileFacts;
  /** Bytes that the store has; all of them when the file is complete. */
  received: number;
}

export function formatTicketRequest(request: TicketRequest): string {
  return formatXml(xml('fileTicket', { xmlns: namespace }, requestNode(request)));
}

function requestNode(request: TicketRequest): XmlNode {
  if (request.is !== 'upload') return xml(request.is, { id: request.id });
  const { to, file } = request;
  const audience = to.is === 'conference' ? xml('conference', { focus: to.focus }) : xml('peer', { uri: to.peer });
  return xml('upload', {}, audience, fileNode(file));
}

function fileNode({ name, size, type, sha256 }: FileFacts, more: Record<string, string | number> = {}): XmlNode {
  return xml('file', { ...more, name, size, type, sha256: sha256 ?? undefined });
}

/** Throws `MalformedBody`, also for a name that is no file name. */
export function parseTicketRequest(text: string): TicketRequest {
  const root = parseXml(text, 'file ticket');
  const [wish] = root.children;
  if (root.name !== 'fileTicket' || wish === undefined) throw new MalformedBody('file ticket', 'there is no request');
  if (wish.name === 'resume' || wish.name === 'download') return { is: wish.name, id: idOf(wish) };
  const file = child(wish, 'file');
  if (wish.name !== 'upload' || file === undefined) throw new MalformedBody('file ticket', `${wish.name} lacks a file`);
  return { is: 'upload', to: audienceOf(wish), file: factsOf(file) };
}

export function formatTicket({ id, ticket, lifetime, file, received }: Ticket): string {
  return formatXml(
    xml('fileTicket', { xmlns: namespace }, fileNode(file, { id, received }), xml('ticket', { lifetime }, ticket)),
  );
}

/** Throws `MalformedBody`. */
export function parseTicket(text: string): Ticket {
  const root = parseXml(text, 'file ticket');
  const [file, ticket] = [child(root, 'file'), child(root, 'ticket')];
  if (root.name !== 'fileTicket' || file === undefined || ticket === undefined || ticket.text.trim() === '') {
    throw new MalformedBody('file ticket', 'there is no ticket');
  }
  return {
    id: idOf(file),
    ticket: ticket.text.trim(),
    lifetime: parseNatural(attribute(ticket, 'lifetime')) ?? 0,
    file: factsOf(file),
    received: parseNatural(attribute(file, 'received'), largestSize) ?? 0,
  };
}

function idOf(element: XmlElement): string {
  const id = attribute(element, 'id') ?? '';
  if (!/^[0-9a-f]{32}$/.test(id)) throw new MalformedBody('file ticket', 'there is no file id');
  return id;
}

function audienceOf(element: XmlElement): FileAudience {
  const [conference, peer] = [child(element, 'conference'), child(element, 'peer')];
  const focus = conference && focusUriOf(attribute(conference, 'focus') ?? '');
  if (focus) return { is: 'conference', focus };
  const aor = peer && aorOf(attribute(peer, 'uri') ?? '');
  if (aor) return { is: 'peer', peer: aor };
  throw new MalformedBody('file ticket', 'it is for nobody');
}

function factsOf(element: XmlElement): FileFacts {
  const name = attribute(element, 'name') ?? '';
  const size = parseNatural(attribute(element, 'size'), largestSize);
  const sha256 = attribute(element, 'sha256') ?? null;
  if (!isFileName(name)) throw new MalformedBody('file ticket', 'that is no file name');
  if (size === null) throw new MalformedBody('file ticket', 'there is no size');
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) throw new MalformedBody('file ticket', 'that is no SHA-256');
  return { name, size, type: (attribute(element, 'type') ?? '').slice(0, 127), sha256 };
}
