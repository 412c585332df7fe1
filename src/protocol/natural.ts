const largest = 0xffff_ffff;

/** A whole number in decimal digits, as XML attributes and SIP headers carry it; `null` when it is none, or above `most`. */
export function parseNatural(text: string | undefined, most = largest): number | null {
  const digits = text?.trim() ?? '';
  if (!/^\d{1,15}$/.test(digits)) return null;
  const value = Number(digits);
  return value <= most ? value : null;
}
