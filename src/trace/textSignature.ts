/** Bits of a signature: about 500 different trigrams of a message leave more than half of them unset. */
const bits = 1_024;
const wordsEach = bits / 32;
const signaturesEach = 1_024;

/** Which trigrams (runs of three characters, in any case) a text has, as a Bloom filter; its place in a block of many. */
export interface TextSignature {
  readonly block: Uint32Array;
  readonly at: number;
}

/** Makes signatures. A search of a hundred thousand messages then reads only those that may have the text in them. */
export class TextSigner {
  #block = new Uint32Array(0);
  #at = 0;

  sign(text: string): TextSignature {
    if (this.#at === this.#block.length) {
      this.#block = new Uint32Array(signaturesEach * wordsEach);
      this.#at = 0;
    }
    const [block, at] = [this.#block, this.#at];
    this.#at += wordsEach;
    let [first, second] = [foldedAt(text, 0), foldedAt(text, 1)];
    for (let end = 2; end < text.length; end += 1) {
      const third = foldedAt(text, end);
      const bit = bitOf(first, second, third);
      const word = at + (bit >>> 5);
      block[word] = (block[word] ?? 0) | (1 << (bit & 31));
      first = second;
      second = third;
    }
    return { block, at };
  }
}

/** The bits that the signature of every text with this in it has set; none for what is shorter than three characters. */
export function bitsOf(sought: string): number[] {
  const found = new Set<number>();
  for (let at = 0; at + 2 < sought.length; at += 1) {
    found.add(bitOf(foldedAt(sought, at), foldedAt(sought, at + 1), foldedAt(sought, at + 2)));
  }
  return [...found];
}

/** False when the text that was signed cannot have what these are the bits of. */
export function mayHave({ block, at }: TextSignature, wanted: readonly number[]): boolean {
  for (const bit of wanted) if (((block[at + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false;
  return true;
}

/** In lower case; all that is not ASCII is one character, since its cases are many. */
function foldedAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 65 && code <= 90) return code + 32;
  return Math.min(code, 128);
}

/** The upper ten bits of a multiplicative hash (Knuth, TAOCP vol. 3, 6.4). */
const bitOf = (first: number, second: number, third: number): number =>
  Math.imul((first << 16) ^ (second << 8) ^ third, 0x9e3779b1) >>> 22;
