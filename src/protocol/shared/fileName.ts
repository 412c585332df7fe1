/** In UTF-16 units. */
const longestName = 255;

/** Control characters, path separators, what Windows does not allow, and marks that turn the reading direction (to hide an ending). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what we look for
const forbidden = /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** True for a bare file name that both ends can show and save: no path, nothing hidden. */
export function isFileName(name: string): boolean {
  return (
    name.trim() === name && name !== '' && name.length <= longestName && !/^\.+$/.test(name) && !forbidden.test(name)
  );
}

/** `.pdf` of `plan.PDF`; `''` when it has none. */
export function endingOf(name: string): string {
  return /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? '';
}
