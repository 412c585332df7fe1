const width = 256;

/**
 * Takes each `cnum` or `snum` once ([MS-SIP] §3.1.5.1): numbers may come out of order, but none that is 256 or more behind
 * the highest. Ask only about messages whose signature is right, else a stranger could move the window.
 */
export class ReplayWindow {
  #highest = 0;
  readonly #seen = new Set<number>();

  /** `num` as it stands in the header; false for a number seen before, too old, or no 32-bit number. */
  take(num: string): boolean {
    if (!/^\d{1,10}$/.test(num)) return false;
    const number = Number(num);
    if (number > 0xffffffff || number <= this.#highest - width || this.#seen.has(number)) return false;
    this.#seen.add(number);
    if (number > this.#highest) this.#highest = number;
    if (this.#seen.size > 2 * width) this.#forgetOld();
    return true;
  }

  #forgetOld(): void {
    for (const number of this.#seen) {
      if (number <= this.#highest - width) this.#seen.delete(number);
    }
  }
}
