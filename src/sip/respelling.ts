import { piecesAt, quote, splitCommas } from '../protocol/sip/headers';
import { longName } from '../protocol/sip/message';
import { jssipAnswers } from './challenges';
import { StandIns } from './standIns';

/**
 * What real servers send is wider than JsSIP's grammar, which drops a whole message for one `=` too many. Here a message is
 * respelled before JsSIP sees it, and what it sends is spelled the server's way again, so that the server gets its own Route,
 * Request-URI, tags and Call-ID back to the byte.
 */
export class Respelling {
  readonly #standIns: StandIns;

  /** `seed` is a random id. */
  constructor(seed: string) {
    this.#standIns = new StandIns(seed);
  }

  /** A message of the server, straightened, for JsSIP. */
  forJssip(text: string): string {
    const { head, body } = split(text);
    const [start = '', ...lines] = head.split('\r\n');
    const isResponse = start.startsWith('SIP/2.0 ');
    const respelled = [isResponse ? statusLine(start) : this.#requestLine(start)];
    let vias = 0;
    for (const line of lines) {
      const colon = line.indexOf(':');
      const name = longName(line.slice(0, colon).trim());
      const value = line.slice(colon + 1).trim();
      const kind = name.toLowerCase();
      if (kind === 'via') {
        for (const via of splitCommas(value)) {
          vias += 1;
          // RFC 3261 §8.1.3.3: a response has the one that is ours.
          if (vias === 1 || !isResponse) respelled.push(`Via: ${this.#via(via, vias === 1 && !isResponse)}`);
        }
      } else if (!isBeyondJssip(kind, value)) respelled.push(`${name}: ${this.#value(kind, value)}`);
    }
    return `${respelled.join('\r\n')}\r\n\r\n${body}`;
  }

  /** A message of JsSIP, for the server. */
  forServer(text: string): string {
    const { head, body } = split(text);
    return `${this.#standIns.restore(head)}\r\n\r\n${body}`;
  }

  #requestLine(line: string): string {
    const [method = '', uri = '', version = ''] = line.split(' ');
    return `${method} ${this.#uri(uri)} ${version}`;
  }

  #value(kind: string, value: string): string {
    switch (kind) {
      case 'from':
      case 'to':
      case 'refer-to':
        return this.#address(value);
      case 'contact':
        return splitCommas(value)
          .map((address) => this.#address(address))
          .join(', ');
      case 'record-route':
        return splitCommas(value)
          .map((route) => this.#address(route.includes('<') ? route : `<${route}>`))
          .join(', ');
      case 'call-id':
        return this.#callId(value);
      case 'content-type':
      case 'event':
      case 'session-expires':
        return quotedParams(value);
      case 'replaces': {
        const [callId = '', ...tags] = piecesAt(value, ';');
        return [this.#callId(callId.trim()), ...tags.map((tag) => this.#param(tag))].join(';');
      }
      default:
        return value;
    }
  }

  #callId(value: string): string {
    return /^[\w.!%*+`'~()<>:\\"/[\]?{}-]+(?:@[\w.!%*+`'~()<>:\\"/[\]?{}-]+)?$/.test(value)
      ? value
      : this.#standIns.word(value);
  }

  /** `"Alice" <sip:alice@contoso.example>;tag=1`, or without brackets. */
  #address(value: string): string {
    const open = /^((?:"(?:[^"\\]|\\.)*"|[^"<])*)<([^>]*)>(.*)$/s.exec(value);
    if (open === null) {
      const [uri = '', ...params] = piecesAt(value, ';');
      return [this.#uri(uri.trim()), ...params.map((param) => this.#param(param))].join(';');
    }
    const [, name = '', uri = '', rest = ''] = open;
    return `${displayName(name)}<${this.#uri(uri)}>${this.#params(rest)}`;
  }

  /** A value and what follows it behind semicolons. */
  #params(text: string): string {
    const [first = '', ...params] = piecesAt(text, ';');
    return [first.trim(), ...params.map((param) => this.#param(param))].join(';');
  }

  #param(text: string): string {
    const { name, value } = paramOf(text);
    if (!token.test(name)) return this.#standIns.word(text);
    if (value === null || token.test(value) || quoted.test(value) || address6.test(value)) return text.trim();
    return `${name}=${this.#standIns.word(value)}`;
  }

  #via(value: string, mayLackBranch: boolean): string {
    const [sent = '', ...params] = piecesAt(value, ';');
    const place = /^(SIP\s*\/\s*2\.0\s*\/\s*[\w.!%*+`'~-]+\s+)(\S+?)((?:\s*:\s*\d+)?)$/i.exec(sent.trim());
    const head = place === null ? sent : `${place[1]}${this.#host(place[2] ?? '')}${place[3]}`;
    const rest = params.map((param) => (/^\s*received\s*=\s*[\d.a-f:]+\s*$/i.test(param) ? param : this.#param(param)));
    if (mayLackBranch && !params.some((param) => paramOf(param).name.toLowerCase() === 'branch')) {
      rest.push(`branch=${this.#standIns.branch()}`);
    }
    return [head, ...rest].join(';');
  }

  #uri(text: string): string {
    const parts = /^(sips?):(?:([^@]*)@)?([^;?]*?)(:\d*)?(;[^?]*)?(\?.*)?$/is.exec(text.trim());
    if (parts === null) return /^[a-z][a-z0-9+.-]*:/i.test(text) ? this.#standIns.uri(text.trim()) : text;
    const [, scheme = '', user, host = '', port = '', params = '', headers = ''] = parts;
    const person = user === undefined ? '' : `${userPart(user)}@`;
    const pieces = params.split(';').slice(1);
    const respelled = pieces.map((piece) => `;${this.#uriParam(piece)}`).join('');
    return `${scheme}:${person}${this.#host(host)}${port}${respelled}${headers}`;
  }

  #uriParam(piece: string): string {
    const { name, value } = paramOf(piece);
    // JsSIP would put `maddr` in place of the host.
    if (!uriWord.test(name) || /^maddr$/i.test(name)) return this.#standIns.word(piece);
    const takes = /^(?:transport|user|method)$/i.test(name) ? token : uriWord;
    return value === null || takes.test(value) ? piece : `${name}=${this.#standIns.word(value)}`;
  }

  #host(host: string): string {
    return isHost(host) ? host : this.#standIns.word(host);
  }
}

/**
 * The message with its headers one a line, as RFC 3261 writes them: no bare line ends, no folds, no lines that are no header (which
 * JsSIP would take for one with a garbled name). Values stay to the byte, for signatures.
 */
export function straightened(text: string): string {
  const { head, body } = split(text);
  const [start = '', ...lines] = head
    .replace(/\r?\n/g, '\r\n')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const kept = lines.filter((line) => /^[A-Za-z0-9.!%*_+`'~-]+[ \t]*:/.test(line));
  return `${[start, ...kept].join('\r\n')}\r\n\r\n${body}`;
}

/** What JsSIP throws at, and challenges that are not for it: it minds the last one only (`messageAuthentication.ts`). */
function isBeyondJssip(kind: string, value: string): boolean {
  if (kind === 'contact') return value === '*';
  return (kind === 'www-authenticate' || kind === 'proxy-authenticate') && !jssipAnswers(value);
}

const token = /^[\w.!%*+`'~-]+$/;
const quoted = /^"(?:[^"\\]|\\.)*"$/s;
const address6 = /^\[[\da-f:.]+\]$/i;
const uriWord = /^(?:[\w.!~*'()[\]/:&+$-]|%[\da-f]{2})+$/i;

function isHost(host: string): boolean {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) return host.split('.').every((part) => Number(part) < 256);
  return address6.test(host) || /^(?:[a-z\d][\w-]*\.)*[a-z][\w-]*$/i.test(host);
}

/** Escaped, which is the same user (RFC 3261 §19.1.4). */
function userPart(user: string): string {
  return user.replace(/%(?![\da-f]{2})|[^\w.!~*'()&=+$,;?/:%-]+/gi, (odd) =>
    odd === '%' ? '%25' : encodeURIComponent(odd.toWellFormed()),
  );
}

/** An unquoted name may be tokens only. */
function displayName(name: string): string {
  const trimmed = name.trim();
  return trimmed === '' || quoted.test(trimmed) || /^[\w.!%*+`'~ -]+$/.test(trimmed) ? name : `${quote(trimmed)} `;
}

/** Where nothing goes back to the server, an odd value is quoted, so that we can still read it. */
function quotedParams(text: string): string {
  const [first = '', ...params] = piecesAt(text, ';');
  const kept = params.flatMap((param) => {
    const { name, value } = paramOf(param);
    if (name === '' || value === '') return [];
    return [value === null || token.test(value) || quoted.test(value) ? param.trim() : `${name}=${quote(value)}`];
  });
  return [first.trim(), ...kept].join(';');
}

function paramOf(text: string): { name: string; value: string | null } {
  const equals = text.indexOf('=');
  return equals < 0
    ? { name: text.trim(), value: null }
    : { name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() };
}

/** RFC 3261 §7.2: the reason may be empty, the space before it may not be left out. */
function statusLine(line: string): string {
  return /^SIP\/2\.0 \d{3}$/.test(line) ? `${line} ` : line;
}

/** Line ends of the head may be bare; those of the body are its own. */
function split(text: string): { head: string; body: string } {
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return { head: text.trimEnd(), body: '' };
  return { head: text.slice(0, end.index), body: text.slice(end.index + end[0].length) };
}
