import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import {
  type ContactDelta,
  type ContactList,
  formatContactDelta,
  formatContactList,
  parseContactDocument,
} from './contactList';

const bob = 'sip:bob@contoso.example' as Aor;
const carol = 'sip:carol@contoso.example' as Aor;
const dave = 'sip:dave@fabrikam.example' as Aor;

// lync-wire 3.1
const list = `<contactList deltaNum="12">
  <group id="1" name="~" externalURI=""/><group id="2" name="Design &amp; team" externalURI="urn:x"/>
  <contact uri="bob@contoso.example"   name=""         groups="1 2" subscribed="true" externalURI=""/>
  <contact uri="carol@contoso.example" name="Carol (QA)" groups="2"   subscribed="false" externalURI=""/></contactList>`;

const listValue: ContactList = {
  deltaNum: 12,
  groups: [
    { id: 1, name: '~', externalUri: '' },
    { id: 2, name: 'Design & team', externalUri: 'urn:x' },
  ],
  contacts: [
    { aor: bob, name: '', groups: [1, 2], subscribed: true, externalUri: '' },
    { aor: carol, name: 'Carol (QA)', groups: [2], subscribed: false, externalUri: '' },
  ],
};

// lync-wire 3.2
const delta = `<contactDelta deltaNum="13" prevDeltaNum="12">
  <addedGroup id="3" name="Suppliers" externalURI=""/><modifiedGroup id="2" name="Design" externalURI=""/>
  <addedContact uri="sip:dave@fabrikam.example" name="" groups="3" subscribed="true" externalURI=""/>
  <modifiedContact uri="sip:carol@contoso.example" name="Carol" groups="2 3" subscribed="true" externalURI=""/>
  <deletedContact uri="sip:bob@contoso.example"/><deletedGroup id="4"/></contactDelta>`;

const deltaValue: ContactDelta = {
  deltaNum: 13,
  prevDeltaNum: 12,
  addedGroups: [{ id: 3, name: 'Suppliers', externalUri: '' }],
  modifiedGroups: [{ id: 2, name: 'Design', externalUri: '' }],
  addedContacts: [{ aor: dave, name: '', groups: [3], subscribed: true, externalUri: '' }],
  modifiedContacts: [{ aor: carol, name: 'Carol', groups: [2, 3], subscribed: true, externalUri: '' }],
  deletedContacts: [bob],
  deletedGroups: [4],
};

describe('contactList', () => {
  it('3.1: is read, and written without sip:', () => {
    expect(parseContactDocument(list)).toEqual({ is: 'list', list: listValue });
    const text = formatContactList(listValue);
    expect(text).toContain(
      '<contact uri="bob@contoso.example" name="" groups="1 2" subscribed="true" externalURI=""/>',
    );
    expect(parseContactDocument(text)).toEqual({ is: 'list', list: listValue });
  });

  it.each([
    ['no groups', '<contact uri="bob@contoso.example" name="" groups=""/>', [1]],
    ['no groups attribute', '<contact uri="bob@contoso.example"/>', [1]],
    ['groups that are no numbers', '<contact uri="bob@contoso.example" groups="a 2 -1"/>', [2]],
  ])('3.1: reads %s', (_what, contact, groups) => {
    const document = parseContactDocument(`<contactList deltaNum="1">${contact}</contactList>`);
    expect(document).toMatchObject({ list: { contacts: [{ aor: bob, groups, subscribed: true }] } });
  });

  it('leaves out a contact whose address is none', () => {
    const text = '<contactList deltaNum="1"><contact uri="sip:" groups="1"/><contact groups="1"/></contactList>';
    expect(parseContactDocument(text)).toMatchObject({ list: { contacts: [] } });
  });
});

describe('contactDelta', () => {
  it('3.2: is read, and written with sip:', () => {
    expect(parseContactDocument(delta)).toEqual({ is: 'delta', delta: deltaValue });
    const text = formatContactDelta(deltaValue);
    expect(text).toContain('<deletedContact uri="sip:bob@contoso.example"/>');
    expect(parseContactDocument(text)).toEqual({ is: 'delta', delta: deltaValue });
  });

  it('3.2: groups come before the contacts that name them, deletions last', () => {
    const order = [...formatContactDelta(deltaValue).matchAll(/<([a-z]+(?:Group|Contact)) /g)].map(([, name]) => name);
    expect(order).toEqual([
      'addedGroup',
      'modifiedGroup',
      'addedContact',
      'modifiedContact',
      'deletedContact',
      'deletedGroup',
    ]);
  });
});

it.each([
  ['nothing', ''],
  ['a cut list', list.slice(0, -20)],
  ['a list without a version', '<contactList/>'],
  ['a version that is no number', '<contactList deltaNum="x"/>'],
  ['a negative version', '<contactList deltaNum="-1"/>'],
  ['a delta without what was before', '<contactDelta deltaNum="2"/>'],
  ['a group without id', '<contactList deltaNum="1"><group name="x"/></contactList>'],
  ['another document', '<roamingData deltaNum="1"/>'],
])('refuses %s', (_what, text) => {
  expect(() => parseContactDocument(text)).toThrow(MalformedBody);
});
