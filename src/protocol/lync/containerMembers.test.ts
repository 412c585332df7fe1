import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { type ContainerChange, formatContainerMembers, parseContainerMembers } from './containerMembers';

// lync-wire 4.2
const wire = `<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">
  <container id="300" version="3"><member action="remove" type="user" value="carol@contoso.example"/></container>
  <container id="32000" version="0"><member action="add" type="user" value="eve@contoso.example"/></container></setContainerMembers>`;

const changes: ContainerChange[] = [
  { id: 300, version: 3, members: [{ action: 'remove', member: { type: 'user', value: 'carol@contoso.example' } }] },
  { id: 32000, version: 0, members: [{ action: 'add', member: { type: 'user', value: 'eve@contoso.example' } }] },
];

const one = (attributes: string, member = '') =>
  `<setContainerMembers><container ${attributes}>${member}</container></setContainerMembers>`;

describe('setContainerMembers', () => {
  it('4.2: is read, and written again', () => {
    expect(parseContainerMembers(wire)).toEqual(changes);
    expect(parseContainerMembers(formatContainerMembers(changes))).toEqual(changes);
  });

  it('4.1: writes a kind of people without a value', () => {
    const member = { type: 'sameEnterprise' as const, value: '' };
    const text = formatContainerMembers([{ id: 200, version: 0, members: [{ action: 'add', member }] }]);
    expect(text).toContain('<member action="add" type="sameEnterprise"/>');
    expect(parseContainerMembers(text)[0]?.members).toEqual([{ action: 'add', member }]);
  });

  it('4.1: knows a person with or without sip:, in any case', () => {
    const text = one('id="300" version="0"', '<member action="add" type="user" value="sip:Carol@Contoso.example"/>');
    expect(parseContainerMembers(text)[0]?.members[0]?.member.value).toBe('carol@contoso.example');
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -4)],
    ['another document', '<setSubscribers/>'],
    ['a container without id', one('version="0"')],
    ['a container that is no number', one('id="x" version="0"')],
    ['a container above the highest', one('id="32768" version="0"')],
    ['a version that is no number', one('id="300" version="new"')],
    [
      'a container named twice',
      '<setContainerMembers><container id="300" version="0"/><container id="300" version="1"/></setContainerMembers>',
    ],
    ['an unknown action', one('id="300" version="0"', '<member action="toggle" type="everyone"/>')],
    ['no action', one('id="300" version="0"', '<member type="everyone"/>')],
    ['an unknown kind', one('id="300" version="0"', '<member action="add" type="nobody"/>')],
    ['a person without address', one('id="300" version="0"', '<member action="add" type="user" value=""/>')],
    ['a domain that is none', one('id="300" version="0"', '<member action="add" type="domain" value="a@b"/>')],
  ])('refuses %s', (_what, text) => {
    expect(() => parseContainerMembers(text)).toThrow(MalformedBody);
  });
});
