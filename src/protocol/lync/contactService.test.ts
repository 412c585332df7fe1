import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import {
  type ContactOperation,
  formatContactOperation,
  formatGroupAdded,
  parseContactOperation,
  parseGroupAdded,
} from './contactService';

const dave = 'sip:dave@fabrikam.example' as Aor;
const envelope = (operation: string) =>
  `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">
  <SOAP-ENV:Body>${operation}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const m = 'xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"';

type Known = Exclude<ContactOperation, { is: 'other' }>;

// lync-wire 3.3
describe('changes of the contact list', () => {
  it.each<[string, Known]>([
    [
      `<m:setContact ${m}><m:displayName/><m:groups>1 2</m:groups><m:subscribed>true</m:subscribed><m:URI>sip:dave@fabrikam.example</m:URI><m:externalURI/><m:deltaNum>12</m:deltaNum></m:setContact>`,
      { is: 'setContact', aor: dave, name: '', groups: [1, 2], subscribed: true, externalUri: '', deltaNum: 12 },
    ],
    [
      `<m:deleteContact ${m}><m:URI>sip:dave@fabrikam.example</m:URI><m:deltaNum>13</m:deltaNum></m:deleteContact>`,
      { is: 'deleteContact', aor: dave, deltaNum: 13 },
    ],
    [
      `<m:addGroup ${m}><m:name>R &amp; D</m:name><m:externalURI/><m:deltaNum>14</m:deltaNum></m:addGroup>`,
      { is: 'addGroup', name: 'R & D', externalUri: '', deltaNum: 14 },
    ],
    [
      `<m:modifyGroup ${m}><m:groupID>3</m:groupID><m:name>Sales</m:name><m:externalURI>urn:x</m:externalURI></m:modifyGroup>`,
      { is: 'modifyGroup', id: 3, name: 'Sales', externalUri: 'urn:x', deltaNum: null },
    ],
    [`<m:deleteGroup ${m}><m:groupID>3</m:groupID></m:deleteGroup>`, { is: 'deleteGroup', id: 3, deltaNum: null }],
  ])('3.3: %s', (text, operation) => {
    expect(parseContactOperation(envelope(text))).toEqual(operation);
    expect(parseContactOperation(formatContactOperation(operation))).toEqual(operation);
  });

  it('3.3: writes the children in their order', () => {
    const text = formatContactOperation({
      is: 'setContact',
      aor: dave,
      name: 'D',
      groups: [1, 2],
      subscribed: true,
      externalUri: '',
      deltaNum: 12,
    });
    const names = [...text.matchAll(/<m:(\w+)/g)].map(([, name]) => name);
    expect(names).toEqual(['setContact', 'displayName', 'groups', 'subscribed', 'URI', 'externalURI', 'deltaNum']);
  });

  it('names an operation that it does not know', () => {
    expect(parseContactOperation(envelope(`<m:setACE ${m}/>`))).toEqual({ is: 'other', name: 'setACE' });
  });

  it('CON-3: carries the id of a new group', () => {
    expect(parseGroupAdded(formatGroupAdded(3))).toBe(3);
    expect(() => parseGroupAdded(envelope(`<m:addGroup ${m}/>`))).toThrow(MalformedBody);
    expect(() => parseGroupAdded(envelope(`<m:Fault ${m}><m:groupID>3</m:groupID></m:Fault>`))).toThrow(MalformedBody);
  });

  it.each([
    ['nothing', ''],
    ['a cut envelope', envelope('<a/>').slice(0, -10)],
    ['an empty body', envelope('')],
    ['an envelope without body', '<Envelope/>'],
    ['no envelope', `<Body><m:deleteGroup ${m}><m:groupID>3</m:groupID></m:deleteGroup></Body>`],
    ['a contact without address', envelope(`<m:setContact ${m}><m:groups>1</m:groups></m:setContact>`)],
    ['an address that is none', envelope(`<m:deleteContact ${m}><m:URI>tel:1</m:URI></m:deleteContact>`)],
    [
      'groups that are no numbers',
      envelope(`<m:setContact ${m}><m:groups>1 x</m:groups><m:URI>bob@contoso.example</m:URI></m:setContact>`),
    ],
    ['a group without id', envelope(`<m:deleteGroup ${m}/>`)],
    ['a group of half a number', envelope(`<m:deleteGroup ${m}><m:groupID>1.5</m:groupID></m:deleteGroup>`)],
  ])('refuses %s', (_what, text) => {
    expect(() => parseContactOperation(text)).toThrow(MalformedBody);
  });
});
