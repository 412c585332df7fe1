import { describe, expect, it } from 'vitest';
import { MalformedBody } from './malformed';
import { attribute, child, childrenOf, formatXml, parseXml, textOf, toNode, xml } from './xml';

describe('reading XML', () => {
  it('answers local names, namespaces and own text under any prefix', () => {
    const root = parseXml(
      '<?xml version="1.0"?><r:list xmlns:r="urn:ietf:params:xml:ns:rlmi" Version="4">a<r:resource uri="sip:bob@contoso.example"/>b<!-- c --></r:list>',
      'rlmi',
    );
    expect(root.name).toBe('list');
    expect(root.namespace).toBe('urn:ietf:params:xml:ns:rlmi');
    expect(root.text).toBe('ab');
    expect([...root.attributes]).toEqual([['Version', '4']]);
    expect(root.children.map(({ name }) => name)).toEqual(['resource']);
  });

  it.each([
    ['a built-in entity', '<a>&lt;&amp;&gt;&quot;&apos;</a>', '<&>"\''],
    ['a character reference', '<a>&#65;&#x1F600;</a>', 'A😀'],
    ['CDATA', '<a><![CDATA[<b>&amp;</b>]]></a>', '<b>&amp;</b>'],
    ['a byte order mark', '\uFEFF<a>x</a>', 'x'],
  ])('reads %s', (_what, text, expected) => {
    expect(parseXml(text, 'a').text).toBe(expected);
  });

  it('finds children by local name and attributes without regard to case', () => {
    const root = parseXml('<a xmlns:p="urn:p" ID="7" p:id="8"><b> one </b><c/><p:b>two</p:b></a>', 'a');
    expect(child(root, 'c')?.name).toBe('c');
    expect(child(root, 'd')).toBeUndefined();
    expect(childrenOf(root, 'b').map(({ text }) => text)).toEqual([' one ', 'two']);
    expect(textOf(root, 'b')).toBe('one');
    expect(textOf(root, 'd')).toBeUndefined();
    expect(attribute(root, 'Id')).toBe('7');
    expect(attribute(root, 'name')).toBeUndefined();
  });

  it("prefers the element's own attribute to one of another namespace", () => {
    expect(attribute(parseXml('<a xmlns:p="urn:p" x="own" p:x="other"/>', 'a'), 'x')).toBe('own');
    expect(attribute(parseXml('<a xmlns:p="urn:p" p:x="other" x="own"/>', 'a'), 'x')).toBe('own');
  });

  it.each([
    ['nothing', ''],
    ['no element', '<?xml version="1.0"?>'],
    ['plain words', 'deregistered;event=rejected'],
    ['an element left open', '<a><b></a>'],
    ['a cut document', '<a><b>'],
    ['two roots', '<a/><b/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['an undeclared prefix', '<p:a/>'],
    ['a doctype', '<!DOCTYPE a><a/>'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['nesting 65 deep', `${'<a>'.repeat(65)}${'</a>'.repeat(65)}`],
    ['more than 2 MiB', `<a>${'x'.repeat(2 * 1024 * 1024)}</a>`],
  ])('refuses %s and names the document', (_what, text) => {
    const read = () => parseXml(text, 'contactList');
    expect(read).toThrow(MalformedBody);
    expect(read).toThrow(/^contactList: /);
  });

  it('reads nesting 64 deep', () => {
    expect(parseXml(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`, 'a').name).toBe('a');
  });
});

describe('writing XML', () => {
  it('leaves out what is absent and adds no white space', () => {
    const node = xml('a', { xmlns: 'urn:a', n: 1, on: true, off: undefined }, 'text', null, undefined, false, xml('b'));
    expect(formatXml(node)).toBe('<a xmlns="urn:a" n="1" on="true">text<b/></a>');
  });

  it.each([
    'a < b && c > d "quoted" \'too\'',
    'tab\tline\nreturn\r\n',
    'emoji 😀 and Ünïcödé',
    ']]> <script>alert(1)</script>',
  ])('carries %j through text and attribute', (text) => {
    const root = parseXml(formatXml(xml('a', { x: text }, text)), 'a');
    expect(root.text).toBe(text);
    expect(attribute(root, 'x')).toBe(text);
  });

  it('drops characters that XML 1.0 cannot carry', () => {
    expect(formatXml(xml('a', {}, 'a\u0000b\u001fc\uFFFEd\uD800e\uDC00f'))).toBe('<a>abcdef</a>');
  });

  it('writes an element that was read, with its namespaces', () => {
    const text = '<p:a xmlns:p="urn:p" x="1">t<b y="&amp;"/><c xmlns="urn:c"><d/></c></p:a>';
    const again = parseXml(formatXml(toNode(parseXml(text, 'a'))), 'a');
    expect(again).toEqual(parseXml(text, 'a'));
  });

  it('writes attributes of another namespace with a prefix of that namespace', () => {
    const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
    const text = `<a xmlns:i="${xsi}" xmlns:p="urn:p" i:type="userState" p:x="1" p:y="2" z="3" xml:lang="en"/>`;
    const written = formatXml(toNode(parseXml(text, 'a')));
    expect(written).toContain(' xsi:type="userState"');
    expect(written).toContain(' xml:lang="en"');
    expect(parseXml(written, 'a')).toEqual(parseXml(text, 'a'));
  });
});
