import { MalformedBody } from '../protocol/malformed';
import { headerOf, parseMessage } from '../protocol/sip/message';
import { mediaType, type Part, parseBody } from '../protocol/sip/multipart';
import { parseXml, type XmlElement } from '../protocol/xml';
import { type BodyGist, partGist } from './bodyGist';

/** One part of a body as it is shown: read, beside what it says. */
export interface BodyPart {
  /** Media type in lower case. */
  contentType: string;
  /** `Content-ID` of a part of a multipart body, without its brackets. */
  name: string;
  gist: BodyGist;
  content:
    | { is: 'xml'; root: XmlElement }
    | { is: 'sdp'; lines: readonly SdpLine[] }
    | { is: 'text'; text: string }
    /** It should be of this type, but cannot be read. */
    | { is: 'malformed'; why: string; text: string };
}

/** `a=candidate:...`: its letter, its attribute's name, the rest. */
export interface SdpLine {
  letter: string;
  /** Of an `a=` line; else `''`. */
  name: string;
  value: string;
}

/** The body of a message in its parts; none when it has no body. Never throws. */
export function readBodies(text: string): BodyPart[] {
  const message = parseMessage(text);
  if (message === null || message.body === '') return [];
  const contentType = headerOf(message, 'Content-Type') ?? '';
  try {
    return parseBody(contentType, message.body).map(readPart);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    const content = { is: 'malformed' as const, why: error.message, text: message.body };
    return [{ contentType: mediaType(contentType), name: '', gist: { is: 'malformed', what: error.what }, content }];
  }
}

function readPart(part: Part): BodyPart {
  const { contentType, headers, body } = part;
  const name = (headers.get('content-id') ?? '').replace(/^<|>$/g, '');
  return { contentType, name, gist: partGist(part), content: contentOf(contentType, body) };
}

function contentOf(contentType: string, body: string): BodyPart['content'] {
  if (contentType === 'application/sdp') return { is: 'sdp', lines: readSdp(body) };
  if (!/[/+]xml$/.test(contentType)) return { is: 'text', text: body };
  try {
    return { is: 'xml', root: parseXml(body, contentType) };
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return { is: 'malformed', why: error.message, text: body };
  }
}

/** RFC 8866: the lines as they are; a line that is none keeps its text as the value. */
function readSdp(body: string): SdpLine[] {
  return body
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const [, letter = '', rest = line] = /^([a-z])=(.*)$/.exec(line) ?? [];
      const [, name = '', value = rest] = (letter === 'a' && /^([\w.-]+):?(.*)$/.exec(rest)) || [];
      return { letter, name, value };
    });
}
