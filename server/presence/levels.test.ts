import { expect, it } from 'vitest';
import type { Container, ContainerMember } from '../../src/protocol/lync/roamingSelf';
import type { Aor } from '../../src/protocol/sip/uri';
import { levelOf } from './levels';

const alice = 'sip:alice@contoso.example' as Aor;
const bob = 'sip:bob@contoso.example' as Aor;
const dave = 'sip:dave@fabrikam.example' as Aor;

const container = (id: number, type: ContainerMember['type'], value = ''): Container => {
  return { id, version: 1, members: [{ type, value }] };
};
const usual = [container(200, 'sameEnterprise'), container(100, 'federated')];
const bobIn = (id: number) => container(id, 'user', 'bob@contoso.example');

it.each<[string, Container[], Aor, number]>([
  ['nobody is a member', [], bob, 0],
  ['a colleague', usual, bob, 200],
  ['somebody of another enterprise', usual, dave, 100],
  ['a person raised', [...usual, bobIn(300)], bob, 300],
  ['a person lowered by name', [...usual, bobIn(100)], bob, 100],
  ['a person blocked', [...usual, bobIn(300), bobIn(32_000)], bob, 32_000],
  ['another person than the one raised', [...usual, bobIn(300)], dave, 100],
  ['a domain before a kind of people', [...usual, container(200, 'domain', 'fabrikam.example')], dave, 200],
  ['a person before the domain', [container(400, 'domain', 'contoso.example'), bobIn(200)], bob, 200],
  ['everyone last', [...usual, container(400, 'everyone')], bob, 200],
  ['everyone where nothing else fits', [container(100, 'everyone')], bob, 100],
  ['oneself, even where one blocked the whole enterprise', [container(32_000, 'sameEnterprise')], alice, 400],
])('4.1: %s', (_what, containers, watcher, level) => {
  expect(levelOf(containers, alice, watcher)).toBe(level);
});
