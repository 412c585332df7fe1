const key = 'confab-address';

/** Who signed in on this device last; asked again with the field filled in. */
export function addressOfLastTime(): string {
  return localStorage.getItem(key) ?? '';
}

export function keepAddress(address: string): void {
  localStorage.setItem(key, address);
}
