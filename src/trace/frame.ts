import { parseNameAddr, splitCommas } from '../protocol/sip/headers';
import { parseMessage, type SipMessage } from '../protocol/sip/message';
import { aorOf, bareAddress, opaqueOf } from '../protocol/sip/uri';
import type { TraceEntry } from './entry';

/** What the list, the ladder and the filters need of one entry: read once, when it comes. The rest is read when shown. */
export interface Frame {
  is: 'request' | 'response' | 'unreadable' | 'ping' | 'note';
  /** Of the request, also in its responses; upper case. */
  method: string;
  /** 0 for a request. */
  status: number;
  reason: string;
  /** Request-URI. */
  uri: string;
  callId: string;
  fromTag: string;
  toTag: string;
  cseq: number;
  /** Of the first Via; native clients leave it out (FRM-5). */
  branch: string;
  /** Bare addresses, `alice@contoso.example`; a host where there is no user. */
  from: string;
  to: string;
  /** The event package, lower case. */
  event: string;
  /** Media type in lower case, without parameters. */
  contentType: string;
  /** `Ms-Conversation-ID`. */
  conversation: string;
  /** Hosts of the Via lines, the topmost first. */
  vias: readonly string[];
  /** Hosts of Record-Route, as written. */
  recordRoutes: readonly string[];
}

const nothing: Omit<Frame, 'is'> = {
  method: '',
  status: 0,
  reason: '',
  uri: '',
  callId: '',
  fromTag: '',
  toTag: '',
  cseq: 0,
  branch: '',
  from: '',
  to: '',
  event: '',
  contentType: '',
  conversation: '',
  vias: [],
  recordRoutes: [],
};

export function readFrame(entry: Pick<TraceEntry, 'kind' | 'text'>): Frame {
  if (entry.kind === 'ping') return { is: 'ping', ...nothing };
  if (entry.kind !== 'sip') return { is: 'note', ...nothing };
  const message = parseMessage(entry.text);
  return message === null ? { is: 'unreadable', ...nothing } : frameOf(message);
}

function frameOf(message: SipMessage): Frame {
  const { method, status, reason, uri } = message;
  const frame: Frame = { is: method === null ? 'response' : 'request', ...nothing, status, reason, uri };
  if (method !== null) frame.method = method.toUpperCase();
  // One pass: a hundred thousand messages are read when a trace is opened.
  for (const [name, value] of message.headers) {
    switch (name.toLowerCase()) {
      case 'call-id':
        frame.callId ||= value;
        break;
      case 'cseq':
        takeCseq(frame, value);
        break;
      case 'from':
        frame.fromTag = tagOf(value);
        frame.from = addressOf(value);
        break;
      case 'to':
        frame.toTag = tagOf(value);
        frame.to = addressOf(value);
        break;
      case 'via':
        frame.branch ||= /;\s*branch=([^\s;,]+)/i.exec(value)?.[1] ?? '';
        frame.vias = [...frame.vias, ...splitCommas(value).map(sentBy)];
        break;
      case 'record-route':
        frame.recordRoutes = [...frame.recordRoutes, ...splitCommas(value).map(hostOf)];
        break;
      case 'event':
        frame.event = firstWord(value);
        break;
      case 'content-type':
        frame.contentType = firstWord(value);
        break;
      case 'ms-conversation-id':
        frame.conversation = value;
        break;
    }
  }
  return frame;
}

function takeCseq(frame: Frame, value: string): void {
  const [number = '', method = ''] = value.split(/\s+/, 2);
  frame.cseq = Number.parseInt(number, 10) || 0;
  if (frame.method === '') frame.method = method.toUpperCase();
}

/** `SIP/2.0/WSS fe1.contoso.example:5061;branch=...` -> `fe1.contoso.example`. */
const sentBy = (via: string): string => /^\S+\s+(\[[^\]]*\]|[^\s:;]+)/.exec(via)?.[1]?.toLowerCase() ?? '';
const hostOf = (nameAddr: string): string =>
  /sips?:(?:[^@>;]*@)?(\[[^\]]*\]|[^\s:;>]+)/i.exec(nameAddr)?.[1]?.toLowerCase() ?? '';
const tagOf = (value: string): string => /;\s*tag=([^\s;,>]+)/i.exec(value)?.[1] ?? '';
const firstWord = (value: string): string => (/^[^;\s]+/.exec(value)?.[0] ?? '').toLowerCase();

/** The quick road first: almost every address is in brackets. */
function addressOf(value: string): string {
  const quick = /^(?:[^"<]*|"[^"\\]*"\s*)<sips?:([^@;>\s]+@[^;>\s:?]+)/i.exec(value)?.[1];
  if (quick !== undefined) return quick.toLowerCase();
  const uri = parseNameAddr(value)?.uri ?? '';
  const aor = aorOf(uri);
  return aor === null ? uri.replace(/^sips?:/i, '').replace(/[;?].*$/, '') : bareAddress(aor);
}

/** The service that a URI names ([lync-wire] 0.3): `conf:focus`, `conf:chat`, `srvr:HomeServer`; `''` for a person. */
export function serviceOf(uri: string): string {
  const opaque = uri.includes('opaque=') ? (opaqueOf(uri) ?? '') : '';
  return /^(?:app:)?((?:conf|srvr):[a-z-]+)/i.exec(opaque)?.[1] ?? (opaque.startsWith('app:') ? opaque.slice(4) : '');
}

/** The conference that a URI names, `7K2M9QXA`; `''` when it names none. */
export function conferenceOf(uri: string): string {
  return /opaque=app:conf:[a-z-]+:id:([^;>\s?]+)/i.exec(uri)?.[1] ?? '';
}
