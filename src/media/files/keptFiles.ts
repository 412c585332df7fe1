/** Received files that this site keeps until they are saved: in the origin's private file system, by a name of ours. */

const folder = 'received-files';
const keptForMs = 7 * 86_400_000;

async function keptFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(folder, { create: true });
}

/** No part of an address or a file name, which may have signs that no file system takes. */
export async function keptName(person: string, item: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${person} ${item}`));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function keptHandle(name: string, create: boolean): Promise<FileSystemFileHandle> {
  return (await keptFolder()).getFileHandle(name, { create });
}

/** `null` when it is not here any more. */
export async function keptFile(name: string): Promise<File | null> {
  try {
    return await (await keptHandle(name, false)).getFile();
  } catch {
    return null;
  }
}

/** True when there is room for so many bytes more. */
export async function hasRoomFor(bytes: number): Promise<boolean> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return bytes <= quota - usage;
}

/** Nothing is kept for ever. */
export async function deleteOldFiles(now: number): Promise<void> {
  const kept = await keptFolder();
  const handles = kept as unknown as AsyncIterable<[string, FileSystemHandle]>;
  for await (const [name, handle] of handles) {
    if (handle.kind !== 'file') continue;
    const { lastModified } = await (handle as FileSystemFileHandle).getFile();
    if (now - lastModified > keptForMs) await kept.removeEntry(name).catch(() => undefined);
  }
}

/** Everything, of everybody who used this browser. */
export async function deleteAllKeptFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(folder, { recursive: true }).catch(() => undefined);
}
