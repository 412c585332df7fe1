/** Older ones are forgotten: what a server wrote this many odd pieces ago belongs to no dialog that still lives. */
const mostKept = 20_000;

/**
 * Words that JsSIP's grammar takes in place of text that it does not, the same word each time, and the way back. A stand-in
 * is a token, a host name, a parameter value and a Call-ID at once.
 */
export class StandIns {
  readonly #mark: string;
  readonly #own: RegExp;
  readonly #words = new Map<string, string>();
  readonly #originals = new Map<string, string>();
  #count = 0;

  /** `seed` is random: nobody else can write our stand-ins. */
  constructor(seed: string) {
    this.#mark = `x${seed.replace(/[^0-9a-f]/g, '').slice(-10)}`;
    this.#own = new RegExp(`(?:;branch=)?${this.#mark}[nb]\\d+x|sip:[^\\s@;<>"]{1,80}@[a-z]+\\.invalid`, 'g');
  }

  /** What stands for a piece of a header. */
  word(original: string): string {
    return this.#words.get(original) ?? this.#keep(original, this.#next('n'));
  }

  /** What stands for a URI of another scheme: a SIP URI in which a person can still read it. */
  uri(original: string): string {
    const known = this.#words.get(original);
    if (known !== undefined) return known;
    const [, scheme = 'uri', rest = ''] = /^([a-z]+)[a-z0-9+.-]*:(.*)$/i.exec(original) ?? [];
    const readable = rest.replace(/[^A-Za-z0-9+.-]/g, '').slice(0, 60);
    const plain = `sip:${readable}@${scheme.toLowerCase()}.invalid`;
    const isTaken = readable === '' || this.#originals.has(plain);
    return this.#keep(original, isTaken ? `sip:${readable}${this.#next('n')}@${scheme.toLowerCase()}.invalid` : plain);
  }

  /** A branch for a Via that has none; never the same. */
  branch(): string {
    return this.#next('b');
  }

  #next(kind: 'n' | 'b'): string {
    this.#count += 1;
    return `${this.#mark}${kind}${this.#count}x`;
  }

  #keep(original: string, word: string): string {
    this.#words.set(original, word);
    this.#originals.set(word, original);
    if (this.#words.size > mostKept) this.#forgetOldest();
    return word;
  }

  #forgetOldest(): void {
    for (const [original, word] of this.#words) {
      this.#words.delete(original);
      this.#originals.delete(word);
      return;
    }
  }

  /** Puts the originals back. */
  restore(text: string): string {
    if (this.#count === 0 && this.#words.size === 0) return text;
    return text.replace(this.#own, (found) => {
      const [, before = '', word = found] = /^(;branch=)?(x.*)$/.exec(found) ?? [];
      if (word.startsWith(`${this.#mark}b`)) return '';
      const original = this.#originals.get(word);
      return original === undefined ? found : before + original;
    });
  }
}
