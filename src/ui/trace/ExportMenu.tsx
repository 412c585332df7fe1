import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import {
  ArrowExport20Regular,
  Braces20Regular,
  ChevronDown12Regular,
  DocumentText20Regular,
  NetworkCheck20Regular,
} from '@fluentui/react-icons';
import { type ReactElement, type RefObject, useEffect, useRef, useState } from 'react';
import type { ExportFormat } from '../../trace/formats/writeTrace';
import type { Row } from '../../trace/row';
import { say } from '../shell/Notices';
import { messagesText } from '../words/traceText';
import { FileProgress } from './FileProgress';
import type { TraceModel } from './traceModel';
import { extensions, fileName, writeFile } from './writeFile';

const formats: readonly { format: ExportFormat; name: string; icon: ReactElement }[] = [
  { format: 'snooper', name: 'Snooper text', icon: <DocumentText20Regular /> },
  { format: 'pcapng', name: 'Packet capture', icon: <NetworkCheck20Regular /> },
  { format: 'json', name: 'JSON', icon: <Braces20Regular /> },
];

interface ExportMenuProps {
  model: TraceModel;
  /** The rows that the filters leave, now. */
  shown: RefObject<readonly Row[]>;
}

/** Saves the trace, or what is shown of it, as a file. What people said is hidden in it, unless one wants it. */
export function ExportMenu({ model, shown }: ExportMenuProps) {
  const [hidesText, setHidesText] = useState(true);
  const [part, setPart] = useState<number | null>(null);
  const abort = useRef<AbortController>(null);
  const [isOnlyShown, setIsOnlyShown] = useState(false);
  const [shownCount, setShownCount] = useState(0);
  const { rows } = model.index;
  const isNarrowed = shownCount < rows.length;
  const wanted = () => (isOnlyShown && isNarrowed ? shown.current : rows);
  useEffect(() => () => abort.current?.abort(), []);

  const save = async (format: ExportFormat) => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setPart(0);
    const entries = wanted().map(({ entry }) => entry);
    try {
      const file = await writeFile({ entries, format, hidesText, onProgress: setPart, signal });
      if (file !== null) download(file, fileName(format, new Date()));
    } catch {
      say('The file could not be written. Export less of it, or close other tabs, and try again.');
    }
    setPart(null);
  };
  if (part !== null) {
    const cancel = () => {
      abort.current?.abort();
      setPart(null);
    };
    return <FileProgress text="Exporting" part={part} onCancel={cancel} />;
  }
  return (
    <Menu
      checkedValues={{ hides: hidesText ? ['text'] : [], only: isOnlyShown && isNarrowed ? ['shown'] : [] }}
      onCheckedValueChange={(_event, { name, checkedItems }) =>
        (name === 'hides' ? setHidesText : setIsOnlyShown)(checkedItems.length > 0)
      }
      onOpenChange={() => setShownCount(shown.current.length)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<ArrowExport20Regular />} disabledFocusable={rows.length === 0}>
          <span className="tracebar__word">Export</span>
          <ChevronDown12Regular className="tracebar__chevron" aria-hidden="true" />
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>
              Export {messagesText(isOnlyShown && isNarrowed ? shownCount : rows.length)} as
            </MenuGroupHeader>
            {formats.map(({ format, name, icon }) => (
              <MenuItem
                key={format}
                icon={icon}
                secondaryContent={extensions[format]}
                onClick={() => void save(format)}
              >
                {name}
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuDivider />
          {isNarrowed && (
            <MenuItemCheckbox name="only" value="shown">
              Only the {messagesText(shownCount)} shown
            </MenuItemCheckbox>
          )}
          <MenuItemCheckbox name="hides" value="text" subText="Passwords are never written to the trace">
            Hide message text
          </MenuItemCheckbox>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
