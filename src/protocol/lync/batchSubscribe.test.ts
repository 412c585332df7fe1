import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import { type BatchSubscribe, formatBatchSubscribe, parseBatchSubscribe } from './batchSubscribe';

const alice = 'sip:alice@contoso.example' as Aor;

// lync-wire 4.6
const wire = `<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="sip:alice@contoso.example" name="">
  <action name="subscribe" id="63792024">
    <adhocList>
      <resource uri="sip:bob@contoso.example"/><resource uri="sip:carol@contoso.example"><context/></resource></adhocList>
    <categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist">
      <category name="note"/><category name="state"/></categoryList></action></batchSub>`;

const batch: BatchSubscribe = {
  action: 'subscribe',
  resources: ['sip:bob@contoso.example' as Aor, 'sip:carol@contoso.example' as Aor],
  categories: ['note', 'state'],
};

describe('batchSub', () => {
  it('4.6: is read, and written again', () => {
    expect(parseBatchSubscribe(wire)).toEqual({ watcher: alice, isBatch: true, batch });
    for (const action of ['subscribe', 'unsubscribe'] as const) {
      const text = formatBatchSubscribe(alice, { ...batch, action }, 7);
      expect(parseBatchSubscribe(text)).toEqual({ watcher: alice, isBatch: true, batch: { ...batch, action } });
    }
  });

  it('PRS-12: reads the bare list of a single subscription', () => {
    const text =
      '<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist"><category name="state"/></categoryList>';
    expect(parseBatchSubscribe(text)).toEqual({
      watcher: null,
      isBatch: false,
      batch: { action: 'subscribe', resources: [], categories: ['state'] },
    });
  });

  it('leaves out who has no address, and takes everybody once', () => {
    const text = `<batchSub uri="sip:alice@contoso.example"><action name="subscribe"><adhocList><resource/>
      <resource uri="tel:1"/><resource uri="sip:bob@contoso.example"/><resource uri="sip:BOB@contoso.example"/></adhocList></action></batchSub>`;
    expect(parseBatchSubscribe(text).batch.resources).toEqual(['sip:bob@contoso.example']);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -5)],
    ['no action', '<batchSub uri="sip:alice@contoso.example"/>'],
    ['an action that is none', '<batchSub uri="sip:alice@contoso.example"><action name="watch"/></batchSub>'],
    ['another document', '<publish/>'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseBatchSubscribe(text)).toThrow(MalformedBody);
  });
});
