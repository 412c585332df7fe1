import { type DragEvent, useEffect, useState } from 'react';
import { say } from '../shell/Notices';

const hasFiles = ({ dataTransfer }: { dataTransfer: DataTransfer | null }): boolean =>
  dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped: what the element hears, and whether something hangs over it. */
export function useDrop(isOn: boolean, onFiles: (files: readonly File[]) => void) {
  const [isOver, setIsOver] = useState(false);
  if (!isOn) return { isOver: false, handlers: {} };
  const handlers = {
    onDragEnter: (event: DragEvent) => hasFiles(event) && setIsOver(true),
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      event.dataTransfer.dropEffect = 'copy';
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      setIsOver(false);
      onFiles(filesIn(event.dataTransfer));
    },
  };
  return { isOver, handlers };
}

/** Folders have no bytes of their own: they are passed over, and it is said. */
function filesIn({ items }: DataTransfer): File[] {
  const files: File[] = [];
  for (const item of items) {
    if (item.kind !== 'file') continue;
    const file = item.getAsFile();
    if (item.webkitGetAsEntry()?.isDirectory) say('A folder cannot be sent. Put it into an archive.');
    else if (file !== null) files.push(file);
  }
  return files;
}

/** What misses its target would be opened in the place of this page. */
export function useNoStrayDrops(): void {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
    };
    addEventListener('dragover', refuse);
    addEventListener('drop', refuse);
    return () => {
      removeEventListener('dragover', refuse);
      removeEventListener('drop', refuse);
    };
  }, []);
}
