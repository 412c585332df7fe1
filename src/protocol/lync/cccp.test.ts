import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { xml } from '../xml';
import { formatCccpRequest, formatCccpResponse, parseCccpRequest, parseCccpResponse } from './cccp';

const factory = 'sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory';

// lync-wire 6.1
const request = `<request xmlns="urn:ietf:params:xml:ns:cccp" xmlns:mscp="http://schemas.microsoft.com/rtc/2005/08/cccpextensions"
         C3PVersion="1" requestId="17" from="sip:alice@contoso.example" to="${factory}">
  <getConferences/></request>`;
const response = `<response xmlns="urn:ietf:params:xml:ns:cccp" C3PVersion="1" requestId="17" code="success"
          from="${factory}" to="sip:alice@contoso.example">
  <getConferences/></response>`;

describe('the C3P envelope', () => {
  it('6.1: a request is read, and written again', () => {
    const read = parseCccpRequest(request);
    expect(read).toMatchObject({ requestId: '17', from: 'sip:alice@contoso.example', to: factory });
    expect(read.command.name).toBe('getConferences');
    expect(formatCccpRequest(read, xml('getConferences'))).toBe(
      request.replace(/\s*\n\s*(?=C3P)/, ' ').replace(/>\s+</g, '><'),
    );
  });

  it('6.1: the answer goes the other way, with the id of the request and the name of its command', () => {
    const text = formatCccpResponse(parseCccpRequest(request), 'success', xml('getConferences'));
    const answer = { requestId: '17', code: 'success', from: factory, to: 'sip:alice@contoso.example', reason: null };
    expect(parseCccpResponse(text)).toMatchObject(answer);
    expect(parseCccpResponse(response)).toMatchObject(answer);
    expect(parseCccpResponse(text).command?.name).toBe('getConferences');
  });

  it('CNF-7: a failure says why; a response need have no command', () => {
    const text = formatCccpResponse(parseCccpRequest(request), 'failure', xml('getConferences'), 'No <room>');
    expect(parseCccpResponse(text)).toMatchObject({ code: 'failure', reason: 'No <room>' });
    expect(parseCccpResponse('<response code="pending"/>')).toMatchObject({ code: 'pending', command: null });
  });

  it('0.5: accepts any prefix', () => {
    const prefixed =
      '<c:request xmlns:c="urn:ietf:params:xml:ns:cccp" requestId="1" from="a" to="b"><c:addUser/></c:request>';
    expect(parseCccpRequest(prefixed).command.name).toBe('addUser');
  });

  it.each([
    ['nothing', ''],
    ['a cut request', request.slice(0, -9)],
    ['no command', '<request requestId="1" from="a" to="b"/>'],
    ['two commands', '<request requestId="1" from="a" to="b"><addUser/><deleteUser/></request>'],
    ['a response', response],
    ['another document', '<conference-info/>'],
    ['a document type', `<!DOCTYPE request [<!ENTITY a "b">]>${request}`],
  ])('refuses %s for a request', (_what, text) => {
    expect(() => parseCccpRequest(text)).toThrow(MalformedBody);
  });

  it.each([
    ['nothing', ''],
    ['a cut response', response.slice(0, -9)],
    ['a response without code', response.replace('code="success"', '')],
    ['a code of no kind', response.replace('success', 'perhaps')],
    ['a request', request],
  ])('refuses %s for a response', (_what, text) => {
    expect(() => parseCccpResponse(text)).toThrow(MalformedBody);
  });
});
