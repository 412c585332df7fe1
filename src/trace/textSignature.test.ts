import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternOf } from './filter';
import { bitsOf, mayHave, TextSigner } from './textSignature';

const signer = new TextSigner();

describe('the signature of a text', () => {
  it('never denies what the text has, in any case and any letters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.string(),
        (before, sought, after) => {
          const text = before + sought + after;
          const signature = signer.sign(text);
          for (const written of [sought, sought.toUpperCase(), sought.toLowerCase()]) {
            if (patternOf(written).test(text)) expect(mayHave(signature, bitsOf(written))).toBe(true);
          }
        },
      ),
    );
  });

  it('denies most of what the text does not have', () => {
    const text = 'MESSAGE sip:bob@contoso.example SIP/2.0\r\nCall-ID: 5f0c\r\nCSeq: 1 MESSAGE\r\n\r\nAre you there?';
    const signature = signer.sign(text);
    expect(mayHave(signature, bitsOf('are YOU there'))).toBe(true);
    for (const other of ['budget', 'carol', 'BENOTIFY']) expect(mayHave(signature, bitsOf(other))).toBe(false);
  });

  it('keeps the texts apart', () => {
    const signatures = Array.from({ length: 3_000 }, (_, at) => signer.sign(`call number ${at} and no other`));
    const having = signatures.filter((signature) => mayHave(signature, bitsOf('number 2718 and')));
    expect(having).toContain(signatures[2718]);
    expect(having.length).toBeLessThan(100);
  });
});
