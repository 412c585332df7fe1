import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import {
  formatRelayRequest,
  formatRelayResponse,
  parseRelayRequest,
  parseRelayResponse,
  type RelayRequest,
  type RelayResponse,
} from './relayCredentials';

const mras = 'sip:edge1.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:m1';
const alice = 'sip:alice@contoso.example';

// lync-wire 8
const requestText = `<request requestID="7731" version="1.0" xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp"
         to="${mras}" from="${alice}">
  <credentialsRequest credentialsRequestID="1">
    <identity>${alice}</identity><location>intranet</location><duration>480</duration></credentialsRequest></request>`;
const responseText = `<response requestID="7731" version="1.0" serverVersion="2.0" xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp"
          to="${mras}" from="${alice}" reasonPhrase="OK">
  <credentialsResponse credentialsRequestID="1">
    <credentials><username>AgAAJE1hZGVVcFVzZXJOYW1l</username><password>bWFkZSB1cCBwYXNzd29yZA==</password><duration>480</duration><realm>contoso.example</realm></credentials>
    <mediaRelayList>
      <mediaRelay><location>intranet</location><hostName>edge1.contoso.example</hostName><udpPort>3478</udpPort><tcpPort>443</tcpPort></mediaRelay></mediaRelayList>
  </credentialsResponse></response>`;
const onOneLine = (text: string): string => text.replace(/\s*\n\s*(?=[a-z]+=)/g, ' ').replace(/>\s+</g, '><');

const request: RelayRequest = {
  requestId: '7731',
  version: '1.0',
  to: mras,
  from: alice,
  requests: [{ id: '1', identity: alice, location: 'intranet', durationMinutes: 480 }],
};
const response: RelayResponse = {
  requestId: '7731',
  to: mras,
  from: alice,
  outcome: 'OK',
  responses: [
    {
      id: '1',
      username: 'AgAAJE1hZGVVcFVzZXJOYW1l',
      password: 'bWFkZSB1cCBwYXNzd29yZA==',
      durationMinutes: 480,
      realm: 'contoso.example',
      relays: [{ location: 'intranet', hostName: 'edge1.contoso.example', udpPort: 3478, tcpPort: 443 }],
    },
  ],
};

describe('relay credentials ([MS-AVEDGEA])', () => {
  it('8: the request is read, and written in its shape', () => {
    expect(parseRelayRequest(requestText)).toEqual(request);
    expect(formatRelayRequest(request)).toBe(onOneLine(requestText));
  });

  it('8: the response is read, and written in its shape', () => {
    expect(parseRelayResponse(responseText)).toEqual(response);
    expect(formatRelayResponse(response)).toBe(onOneLine(responseText));
  });

  it('MRS-1: from outside one asks for the internet; who does not say is inside', () => {
    const locationIn = (text: string) => parseRelayRequest(text).requests[0]?.location;
    expect(locationIn(requestText.replace('intranet', 'internet'))).toBe('internet');
    expect(locationIn(requestText.replace('<location>intranet</location>', ''))).toBe('intranet');
  });

  it('MRS-3: a relay may be told by its address; one that cannot be reached is left out', () => {
    const relaysIn = (text: string) => parseRelayResponse(text).responses[0]?.relays;
    const [told] = response.responses[0]?.relays ?? [];
    const direct = responseText.replace(/<hostName>.*<\/hostName>/, '<directIPAddress>192.0.2.7</directIPAddress>');
    expect(relaysIn(direct)).toEqual([{ ...told, hostName: '192.0.2.7' }]);
    expect(relaysIn(responseText.replace('edge1.contoso.example</hostName>', '</hostName>'))).toEqual([]);
    expect(relaysIn(responseText.replace(/<mediaRelayList>.*<\/mediaRelayList>/s, ''))).toEqual([]);
  });

  it('MRS-3: a relay of one transport has one port, and a port is one', () => {
    const relays = [{ location: 'internet' as const, hostName: 'turn.example', udpPort: 3478, tcpPort: null }];
    const [first] = response.responses;
    const only = { ...response, responses: first === undefined ? [] : [{ ...first, relays }] };
    expect(formatRelayResponse(only)).not.toContain('tcpPort');
    expect(parseRelayResponse(formatRelayResponse(only))).toEqual(only);
    const wrong = parseRelayResponse(responseText.replace('3478', '70000').replace('443', '-1'));
    expect(wrong.responses[0]?.relays[0]).toMatchObject({ udpPort: null, tcpPort: null });
  });

  it('MRS-4: the reason phrase decides; one that we do not know is a failure', () => {
    const refused = { ...response, outcome: 'Forbidden' as const, responses: [] };
    expect(parseRelayResponse(formatRelayResponse(refused))).toEqual(refused);
    expect(parseRelayResponse(responseText.replace('"OK"', '"Fine"')).outcome).toBe('Other Failure');
    expect(parseRelayResponse(responseText.replace(' reasonPhrase="OK"', '')).outcome).toBe('Other Failure');
  });

  it.each([
    ['nothing', ''],
    ['a cut document', requestText.slice(0, -3)],
    ['another document', '<response/>'],
    ['nobody to give credentials to', requestText.replace(`<identity>${alice}</identity>`, '')],
    ['a request without its id', requestText.replace(' credentialsRequestID="1"', '')],
  ])('refuses as a request %s', (_what, text) => {
    expect(() => parseRelayRequest(text)).toThrow(MalformedBody);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', responseText.slice(0, -3)],
    ['another document', '<request/>'],
    ['credentials without a name', responseText.replace(/<username>.*<\/username>/, '')],
    ['credentials without a password', responseText.replace(/<password>.*<\/password>/, '<password/>')],
    ['no credentials', responseText.replace(/<credentials>.*<\/credentials>/, '')],
    ['an answer to nothing', responseText.replace(' credentialsRequestID="1"', '')],
  ])('refuses as a response %s', (_what, text) => {
    expect(() => parseRelayResponse(text)).toThrow(MalformedBody);
  });
});
