/** Resolves with what `look` finds as soon as it finds something. Throws after `ms`. */
export async function until<T>(look: () => T | undefined | null | false, what: string, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > end) throw new Error(`there was no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
