const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** `640 bytes`, `1.2 MB`, `12 MB`: thousands, as people and disks count. */
export function sizeInWords(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 10 ? Math.round(value).toString() : value.toFixed(1);
  return `${digits} ${power === 0 && value === 1 ? 'byte' : units[power]}`;
}
