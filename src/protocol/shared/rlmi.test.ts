import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { parseBody } from '../sip/multipart';
import type { Aor } from '../sip/uri';
import { formatResourceList, parseResourceList, parseTerminated, type Resource } from './rlmi';

const [alice, bob, eve] = ['alice', 'bob', 'eve'].map((user) => `sip:${user}@contoso.example` as Aor) as [
  Aor,
  Aor,
  Aor,
];

// lync-wire 4.6
const wire = `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:alice@contoso.example" version="4" fullState="false">
  <resource uri="sip:bob@contoso.example"><instance id="0" state="active" cid="bob@contoso.example"/></resource>
  <resource uri="sip:carol@contoso.example"><instance id="0" state="resubscribe" poolFqdn="fe2.contoso.example"/></resource>
  <resource uri="sip:eve@contoso.example"><instance id="0" state="terminated" reason="noresource"/></resource></list>`;

const resources: Resource[] = [
  { aor: bob, state: 'active', contentType: 'application/x+xml', body: '<bob/>' },
  { aor: eve, state: 'terminated', reason: 'noresource' },
];

describe('rlmi', () => {
  it('4.6, PRS-7, PRS-8: is read', () => {
    expect(parseResourceList(wire)).toEqual({
      owner: alice,
      version: 4,
      fullState: false,
      resources: [
        { aor: bob, state: 'active', cid: 'bob@contoso.example' },
        { aor: 'sip:carol@contoso.example', state: 'resubscribe', poolFqdn: 'fe2.contoso.example' },
        { aor: eve, state: 'terminated', reason: 'noresource' },
      ],
    });
  });

  it('PRS-4: is written with a state for every instance, and a part for everybody who has a document', () => {
    const { contentType, body } = formatResourceList(alice, resources, 4);
    const [list, ...parts] = parseBody(contentType, body);
    expect(list?.body.match(/<instance /g)).toHaveLength(2);
    expect(list?.body.match(/<instance [^>]*state="/g)).toHaveLength(2);
    expect(parseResourceList(list?.body ?? '').resources).toEqual([
      { aor: bob, state: 'active', cid: 'bob@contoso.example' },
      { aor: eve, state: 'terminated', reason: 'noresource' },
    ]);
    expect(list && parseTerminated(list)).toEqual([{ aor: eve, reason: 'noresource' }]);
    expect(parts.map(({ headers }) => headers.get('content-id'))).toEqual(['bob@contoso.example']);
    expect(parts[0]?.body.trimEnd()).toBe('<bob/>');
  });

  it('PRS-2, PRS-3: the boundary is the last parameter, and every part ends with an empty line', () => {
    const { contentType, body } = formatResourceList(alice, resources, 4);
    expect(contentType).toMatch(/^multipart\/related;type="application\/rlmi\+xml";start=resourceList;boundary=[^;]+$/);
    const boundary = contentType.slice(contentType.indexOf('boundary=') + 'boundary='.length);
    const ends = body.split(`--${boundary}`).slice(1, -1);
    expect(ends).toHaveLength(2);
    for (const part of ends) expect(part).toMatch(/>\r\n\r\n$/);
  });

  it('leaves out whom it cannot tell', () => {
    const text = `<list><resource/><resource uri="tel:1"><instance state="active"/></resource>
      <resource uri="sip:bob@contoso.example"/><resource uri="sip:eve@contoso.example"><instance/></resource></list>`;
    expect(parseResourceList(text)).toEqual({ owner: null, version: 0, fullState: false, resources: [] });
  });

  it.each([
    ['nothing', ''],
    ['a cut list', wire.slice(0, -5)],
    ['another document', '<categories/>'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseResourceList(text)).toThrow(MalformedBody);
  });
});
