import {
  AppGeneric24Regular,
  Code24Regular,
  Document24Regular,
  DocumentPdf24Regular,
  DocumentTable24Regular,
  DocumentText24Regular,
  FolderZip24Regular,
  Image24Regular,
  MusicNote224Regular,
  SlideText24Regular,
  Video24Regular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { FileFacts } from '../../domain/file';
import { endingOf } from '../../protocol/shared/fileName';

interface Kind {
  icon: ReactElement;
  name: string;
  endings: string;
}

const kinds: readonly Kind[] = [
  { icon: <DocumentPdf24Regular />, name: 'PDF document', endings: 'pdf' },
  { icon: <DocumentText24Regular />, name: 'Document', endings: 'doc docx odt rtf txt md log' },
  { icon: <DocumentTable24Regular />, name: 'Table', endings: 'xls xlsx ods csv tsv' },
  { icon: <SlideText24Regular />, name: 'Slides', endings: 'ppt pptx odp key' },
  { icon: <Image24Regular />, name: 'Picture', endings: 'png jpg jpeg gif webp svg bmp heic avif tif tiff ico' },
  { icon: <Video24Regular />, name: 'Video', endings: 'mp4 mkv webm mov avi m4v wmv' },
  { icon: <MusicNote224Regular />, name: 'Sound', endings: 'mp3 m4a wav ogg opus flac wma' },
  { icon: <FolderZip24Regular />, name: 'Archive', endings: 'zip 7z rar gz tgz tar bz2 xz zst' },
  {
    icon: <Code24Regular />,
    name: 'Source text',
    endings: 'js ts tsx json xml html css py c h cpp rs go java yml yaml sql',
  },
  {
    icon: <AppGeneric24Regular />,
    name: 'Program',
    endings: 'exe msi bat cmd com ps1 sh app dmg deb rpm jar vbs scr apk',
  },
];

const unknown: Kind = { icon: <Document24Regular />, name: 'File', endings: '' };

/** What a file is, by its ending alone: that is what opens it, whatever type its owner claims. */
export function kindOf({ name }: Pick<FileFacts, 'name'>): Kind {
  const ending = endingOf(name).slice(1);
  if (ending === '') return unknown;
  return kinds.find(({ endings }) => endings.split(' ').includes(ending)) ?? unknown;
}
