import fc from 'fast-check';
import { describe, it } from 'vitest';
import { decodeBase64 } from './base64';
import { parseAutodiscover } from './lync/autodiscover';
import { parseKeyboardActivity } from './lync/keyboardActivity';
import { parseMsgr, parseTextFormat } from './lync/textFormat';
import { MalformedBody } from './malformed';
import {
  parseDiagnostics,
  parseNameAddr,
  parseReason,
  parseSubscriptionState,
  parseWarning,
  splitCommas,
} from './sip/headers';
import { parseImOffer } from './sip/imOffer';
import { parseMessage } from './sip/message';
import { parseBody } from './sip/multipart';
import { aorOf, parseUri } from './sip/uri';
import { parseXml } from './xml';

/** Text that is nearly right: pieces of what a reader looks for, in any order, and anything between them. */
const nearly = (...pieces: string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 30 })
    .map((all) => all.join(''));

const addresses = nearly('"', '<', '>', 'sip:', 'alice', '@', ';', '=', ',', '\\', 'tag', ' ', '\r\n');
const elements = nearly('<a', '>', '</a>', '/>', ' x="', '"', '&', ';', '&#x0;', 'xmlns:p="u"', 'p:', '<!--', ']]>');
const parts = nearly('--b', '--', '\r\n', '\r\n\r\n', 'Content-Type: text/plain', ':', ' ');
const messages = nearly('INVITE ', 'sip:a@b', ' SIP/2.0', 'SIP/2.0 ', '200 ', '\r\n', ':', 'Via', ' ', '\r\n\r\n');

describe('nothing that a peer writes brings a reader down', () => {
  it.each<[string, fc.Arbitrary<string>, (text: string) => unknown]>([
    ['addresses', addresses, parseNameAddr],
    ['lists', addresses, splitCommas],
    ['URIs', addresses, parseUri],
    ['persons', addresses, aorOf],
    ['diagnostics', addresses, parseDiagnostics],
    ['warnings', addresses, parseWarning],
    ['reasons', addresses, parseReason],
    ['subscription states', addresses, parseSubscriptionState],
    ['first messages', addresses, parseTextFormat],
    ['message formats', fc.base64String(), parseMsgr],
    ['Base64', fc.string(), decodeBase64],
    ['messages', messages, parseMessage],
  ])('%s: a value or null', (_what, texts, read) => {
    fc.assert(fc.property(texts, (text) => void read(text)));
  });

  it.each<[string, fc.Arbitrary<string>, (text: string) => unknown]>([
    ['XML', elements, (text) => parseXml(text, 'document')],
    ['typing notices', elements, parseKeyboardActivity],
    ['discovery', elements, parseAutodiscover],
    ['SDP', nearly('m=', 'message ', '5060 ', 'sip ', 'null', '\r\n', 'a=accept-types:'), parseImOffer],
    ['multipart bodies', parts, (text) => parseBody('multipart/mixed;boundary=b', text)],
  ])('%s: a value or MalformedBody', (_what, texts, read) => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          read(text);
        } catch (error) {
          if (!(error instanceof MalformedBody)) throw error;
        }
      }),
    );
  });
});
