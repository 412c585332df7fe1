import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import { contentNode, type noteNode, parseNote, parseState } from './categories';
import {
  formatRoamingData,
  formatRoamingRequest,
  type OwnCategory,
  parseRoamingData,
  parseRoamingRequest,
  type RoamingData,
} from './roamingSelf';

const alice = 'sip:alice@contoso.example' as Aor;

// lync-wire 4.2
const wire = `<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">
  <categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:alice@contoso.example">
    <category name="state" instance="536870912" publishTime="2026-03-02T07:59:00.000" container="2" version="4" expireType="static">
      <state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xsi:type="userState" manual="true"><availability>3500</availability></state></category>
    <category name="note" instance="0" publishTime="2026-03-01T17:00:00.000" container="200" version="2" expireType="static">
      <note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">In Utrecht till Friday</body></note></category></categories>
  <containers xmlns="http://schemas.microsoft.com/2006/09/sip/containers">
    <container id="32000" version="0"/><container id="300" version="3"><member type="user" value="carol@contoso.example"/></container>
    <container id="200" version="1"><member type="sameEnterprise"/></container></containers>
  <subscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">
    <subscriber user="dave@fabrikam.example" displayName="Dave D" acknowledged="false" type="federated"/></subscribers></roamingData>`.replace(
  />\s+</g,
  '><',
);

/** What was read, to be written again. */
function again(data: ReturnType<typeof parseRoamingData>): RoamingData<ReturnType<typeof contentNode>> {
  const categories = data.categories?.map((one) => ({ ...one, content: one.content && contentNode(one.content) }));
  return { ...data, categories: categories ?? null };
}

describe('roamingList', () => {
  it('4.2: names the sections', () => {
    const text = formatRoamingRequest(['categories', 'containers']);
    expect(parseRoamingRequest(text)).toEqual(['categories', 'containers']);
  });

  it.each([
    ['nothing', ''],
    ['the other document', wire],
    ['a cut document', formatRoamingRequest(['categories']).slice(0, -3)],
  ])('refuses %s', (_what, text) => {
    expect(() => parseRoamingRequest(text)).toThrow(MalformedBody);
  });
});

describe('roamingData', () => {
  it('4.2: is read', () => {
    const { categories, containers, subscribers } = parseRoamingData(wire);
    const [state, note] = categories ?? [];
    expect(state).toMatchObject({
      name: 'state',
      instance: 536_870_912,
      container: 2,
      version: 4,
      expireType: 'static',
      publishTime: '2026-03-02T07:59:00.000',
    });
    expect(state?.content && parseState(state.content)).toEqual({
      type: 'userState',
      availability: 3500,
      manual: true,
    });
    expect(note?.content && parseNote(note.content)).toBe('In Utrecht till Friday');
    expect(containers).toEqual([
      { id: 32_000, version: 0, members: [] },
      { id: 300, version: 3, members: [{ type: 'user', value: 'carol@contoso.example' }] },
      { id: 200, version: 1, members: [{ type: 'sameEnterprise', value: '' }] },
    ]);
    expect(subscribers).toEqual([
      { aor: 'sip:dave@fabrikam.example', displayName: 'Dave D', acknowledged: false, type: 'federated' },
    ]);
  });

  it('4.2: is written so that it reads the same, its xsi:type with a namespace', () => {
    const data = parseRoamingData(wire);
    const text = formatRoamingData(alice, again(data));
    expect(parseRoamingData(text)).toEqual(data);
    expect(text).toContain('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="userState"');
    expect(text).toContain('<subscriber user="dave@fabrikam.example"');
  });

  it('4.2: a section that is not there is unchanged', () => {
    const nothing = { categories: null, containers: null, subscribers: null };
    expect(parseRoamingData(formatRoamingData(alice, nothing))).toEqual(nothing);
    const empty = { categories: [], containers: [], subscribers: [] };
    expect(parseRoamingData(formatRoamingData(alice, empty))).toEqual(empty);
  });

  it.each([
    ['everywhere', null, '<category name="note"/>'],
    ['in one container', 200, '<category name="note" container="200"/>'],
  ])('SLF-3: says that a category was cleared %s', (_where, container, element) => {
    const gone: OwnCategory<ReturnType<typeof noteNode>> = {
      name: 'note',
      instance: null,
      container,
      version: 0,
      expireType: 'static',
      publishTime: '',
      content: null,
    };
    const text = formatRoamingData(alice, { categories: [gone], containers: null, subscribers: null });
    expect(text).toContain(element);
    expect(parseRoamingData(text).categories).toEqual([gone]);
  });

  it('leaves out what cannot be read', () => {
    const data = parseRoamingData(`<roamingData><categories uri="sip:alice@contoso.example"><category/></categories>
      <containers><container id="x"/><container id="300" version="-1"><member type="nobody"/></container></containers>
      <subscribers><subscriber user="dave"/></subscribers></roamingData>`);
    expect(data).toEqual({ categories: [], containers: [{ id: 300, version: 0, members: [] }], subscribers: [] });
  });

  it('takes an unknown expireType for static, and an instance that is no number for none', () => {
    const text =
      '<roamingData><categories><category name="x" instance="1e3" container="2" expireType="never"/></categories></roamingData>';
    expect(parseRoamingData(text).categories).toMatchObject([{ instance: null, container: 2, expireType: 'static' }]);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -5)],
    ['another document', '<roamingList/>'],
    ['a doctype', `<!DOCTYPE a>${wire}`],
  ])('refuses %s', (_what, text) => {
    expect(() => parseRoamingData(text)).toThrow(MalformedBody);
  });
});
