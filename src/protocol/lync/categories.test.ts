import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import { formatXml, parseXml, type XmlElement, type XmlNode } from '../xml';
import {
  type Category,
  cardNode,
  contentNode,
  deviceNode,
  formatCategories,
  noteNode,
  parseCard,
  parseCategories,
  parseDevice,
  parseNote,
  parseState,
  type StateContent,
  stateNode,
} from './categories';

const bob = 'sip:bob@contoso.example' as Aor;

// lync-wire 4.6, 4.5
const wire = `<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:bob@contoso.example">
  <category name="contactCard" instance="0" publishTime="2026-03-01T09:00:00.000">
    <contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard">
      <identity><name><displayName>Bob Barends</displayName></name><email>bob@contoso.example</email></identity>
      <company>Contoso</company><department>Design</department><title>Draughtsman</title><office>3.14</office>
      <phone type="mobile"><uri>tel:+31600000000</uri></phone>
      <phone type="work"><uri>tel:+31205550102</uri><displayString>+31 20 555 0102</displayString></phone>
    </contactCard></category>
  <category name="state" instance="1" publishTime="2026-03-02T08:00:00.000">
    <state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
           xsi:type="aggregateState" lastActive="2026-03-02T07:40:00">
      <availability>6500</availability><activity token="in-a-meeting"/><meetingSubject>Budget</meetingSubject></state></category>
  <category name="calendarData" instance="7">
    <calendarData xmlns="http://schemas.microsoft.com/2006/09/sip/calendarData">
      <freeBusy startTime="2026-03-02T00:00:00Z" granularity="PT15M" encodingVersion="1">oA==</freeBusy></calendarData></category>
  <category name="note" publishTime="2026-03-02T08:00:00.000"/></categories>`.replace(/>\s+</g, '><');

const read = (node: XmlNode): XmlElement => parseXml(formatXml(node), 'content');

describe('categories', () => {
  it('4.6, PRS-6: are read, an empty one as empty', () => {
    const { aor, categories } = parseCategories(wire);
    expect(aor).toBe(bob);
    expect(categories.map(({ name, instance, publishTime }) => [name, instance, publishTime])).toEqual([
      ['contactCard', 0, '2026-03-01T09:00:00.000'],
      ['state', 1, '2026-03-02T08:00:00.000'],
      ['calendarData', 7, null],
      ['note', null, '2026-03-02T08:00:00.000'],
    ]);
    expect(categories[3]?.content).toBeNull();
  });

  it('PRS-5: are written with sip:, and keep what nobody looks into', () => {
    const document = parseCategories(wire);
    const categories = document.categories.map(
      (one): Category => ({ ...one, content: one.content && contentNode(one.content) }),
    );
    const text = formatCategories(bob, categories);
    expect(text).toContain('uri="sip:bob@contoso.example"');
    expect(text).toContain('granularity="PT15M" encodingVersion="1">oA==</freeBusy>');
    expect(parseCategories(text)).toEqual(document);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -5)],
    ['nobody', '<categories/>'],
    ['an address that is none', '<categories uri="tel:1"/>'],
    ['another document', '<roamingData uri="sip:bob@contoso.example"/>'],
  ])('refuse %s', (_what, text) => {
    expect(() => parseCategories(text)).toThrow(MalformedBody);
  });

  it('leave out a category without a name', () => {
    expect(parseCategories('<categories uri="bob@contoso.example"><category/></categories>').categories).toEqual([]);
  });
});

describe('state', () => {
  it('4.5: is read out of a document', () => {
    const state = parseCategories(wire).categories[1]?.content;
    expect(state && parseState(state)).toEqual({
      type: 'aggregateState',
      availability: 6500,
      activity: { token: 'in-a-meeting' },
      lastActive: '2026-03-02T07:40:00',
    });
  });

  it.each<StateContent>([
    { type: 'aggregateState', availability: 3500 },
    { type: 'aggregateState', availability: 5000, lastActive: '2026-03-02T07:40:00.000' },
    { type: 'userState', availability: 15_500, manual: true, activity: { token: 'off-work' } },
    { type: 'userState', availability: 6500, manual: true, activity: { custom: 'Reading <specs> & "notes"' } },
    { type: 'machineState', availability: 3500, manual: false },
  ])('4.5: carries %j', (state) => {
    expect(parseState(read(stateNode(state)))).toEqual(state);
  });

  it('PRS-6: tells watchers no endpointLocation', () => {
    expect(formatXml(stateNode({ type: 'aggregateState', availability: 3500 }))).not.toContain('endpointLocation');
    expect(formatXml(stateNode({ type: 'userState', availability: 3500 }))).toContain('<endpointLocation/>');
  });

  it.each(['<state/>', '<state><availability/></state>', '<state><availability>busy</availability></state>'])(
    'is none without availability: %s',
    (text) => {
      expect(parseState(parseXml(text, 'state'))).toBeNull();
    },
  );

  it('keeps no activity that is empty', () => {
    const text = '<state><availability>3500</availability><activity><custom/></activity></state>';
    expect(parseState(parseXml(text, 'state'))).toEqual({ type: '', availability: 3500 });
  });
});

describe('note, card and device', () => {
  it.each(['', 'In Utrecht till Friday', 'a < b & "c"\nnext line 😀'])('carry the note %j', (text) => {
    expect(parseNote(read(noteNode(text)))).toBe(text);
  });

  it('carry a card', () => {
    const card = parseCategories(wire).categories[0]?.content;
    const expected = {
      displayName: 'Bob Barends',
      email: 'bob@contoso.example',
      title: 'Draughtsman',
      department: 'Design',
      company: 'Contoso',
      office: '3.14',
      workPhone: '+31 20 555 0102',
    };
    expect(card && parseCard(card)).toEqual(expected);
    expect(parseCard(read(cardNode(expected)))).toEqual(expected);
    expect(formatXml(cardNode(expected))).toContain('<uri>tel:+31205550102</uri>');
  });

  it('carry a card with nothing but a name', () => {
    const empty = { email: '', title: '', department: '', company: '', office: '', workPhone: '' };
    expect(parseCard(read(cardNode({ displayName: 'Bob', ...empty })))).toEqual({ displayName: 'Bob', ...empty });
    expect(parseCard(parseXml('<contactCard/>', 'card'))).toEqual({ displayName: '', ...empty });
  });

  it('carry a device', () => {
    const endpointId = '63bfdf93-25a1-57a5-a4d0-0c8030515897';
    expect(parseDevice(read(deviceNode(bob, endpointId, 'Browser')))).toEqual({ endpointId, machineName: 'Browser' });
    expect(parseDevice(parseXml('<device/>', 'device'))).toEqual({ endpointId: '', machineName: '' });
  });
});
