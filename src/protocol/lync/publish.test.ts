import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import { contentNode, parseDevice, parseState } from './categories';
import { formatPublish, parsePublish } from './publish';

const alice = 'sip:alice@contoso.example' as Aor;

// lync-wire 4.3
const wire = `<publish xmlns="http://schemas.microsoft.com/2006/09/sip/rich-presence">
  <publications uri="sip:alice@contoso.example">
    <publication categoryName="device" instance="27772114" container="2" version="0" expireType="endpoint">
      <device xmlns="http://schemas.microsoft.com/2006/09/sip/device" endpointId="63bfdf93-25a1-57a5-a4d0-0c8030515897">
        <capabilities preferred="false" uri="sip:alice@contoso.example">
          <text capture="true" render="true" publish="false"/></capabilities>
        <timezone>00:00:00+01:00</timezone><machineName>ALICE-PC</machineName></device></publication>
    <publication categoryName="state" instance="536870912" container="2" version="4" expireType="static">
      <state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             manual="true" xsi:type="userState"><availability>6500</availability><endpointLocation/></state></publication>
    <publication categoryName="note" instance="0" container="200" version="3" expireType="static" expires="0"/>
  </publications></publish>`.replace(/>\s+</g, '><');

const one = (attributes: string) =>
  `<publish><publications uri="sip:alice@contoso.example"><publication ${attributes}/></publications></publish>`;

describe('publish', () => {
  it('4.3, PUB-6: is read', () => {
    const { aor, publications } = parsePublish(wire);
    expect(aor).toBe(alice);
    expect(publications.map(({ content, ...address }) => address)).toEqual([
      {
        category: 'device',
        instance: 27_772_114,
        container: 2,
        version: 0,
        expireType: 'endpoint',
        expiresSeconds: null,
      },
      {
        category: 'state',
        instance: 536_870_912,
        container: 2,
        version: 4,
        expireType: 'static',
        expiresSeconds: null,
      },
      { category: 'note', instance: 0, container: 200, version: 3, expireType: 'static', expiresSeconds: 0 },
    ]);
    const [device, state, note] = publications.map(({ content }) => content);
    expect(device && parseDevice(device)).toEqual({
      endpointId: '63bfdf93-25a1-57a5-a4d0-0c8030515897',
      machineName: 'ALICE-PC',
    });
    expect(state && parseState(state)).toEqual({ type: 'userState', availability: 6500, manual: true });
    expect(note).toBeNull();
  });

  it('4.3: is written so that it reads the same', () => {
    const read = parsePublish(wire);
    const publications = read.publications.map((publication) => ({
      ...publication,
      content: publication.content && contentNode(publication.content),
    }));
    const text = formatPublish(alice, publications);
    expect(parsePublish(text)).toEqual(read);
    expect(text).toContain('xsi:type="userState"');
  });

  it('PUB-1: takes a missing version for never published', () => {
    expect(parsePublish(one('categoryName="note" instance="0" container="200"')).publications[0]).toMatchObject({
      version: 0,
      expireType: 'static',
    });
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -5)],
    ['another document', '<roamingData/>'],
    ['no publications', '<publish/>'],
    ['nobody', '<publish><publications/></publish>'],
    ['no category', one('instance="0" container="2"')],
    ['a category that is no word', one('categoryName="a b" instance="0" container="2"')],
    ['a category that is too long', one(`categoryName="${'a'.repeat(65)}" instance="0" container="2"`)],
    ['no instance', one('categoryName="note" container="2"')],
    ['an instance of 33 bits', one('categoryName="note" instance="4294967296" container="2"')],
    ['no container', one('categoryName="note" instance="0"')],
    ['a container above the highest', one('categoryName="note" instance="0" container="32768"')],
    ['a negative version', one('categoryName="note" instance="0" container="2" version="-1"')],
    ['an unknown expireType', one('categoryName="note" instance="0" container="2" expireType="never"')],
    ['a life that is no number', one('categoryName="note" instance="0" container="2" expireType="time" expires="1h"')],
  ])('refuses %s', (_what, text) => {
    expect(() => parsePublish(text)).toThrow(MalformedBody);
  });
});
