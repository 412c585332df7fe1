import { Button } from '@fluentui/react-components';
import { ArrowDownload16Regular } from '@fluentui/react-icons';
import type { FileItem } from '../../domain/file';
import { useCommands, useIsRecording } from '../useApp';
import { useFileActions } from './useFiles';

/** Not every browser lets a page write where the person wants it. */
const canPickPlace = 'showSaveFilePicker' in globalThis;

/** What can be done with a file now. */
export function FileActions({ item }: { item: FileItem }) {
  const commands = useCommands();
  const { receive, receiveAs, retry, canRetry, save } = useFileActions(item);
  const { id, conversation, own, state, file } = item;
  if (useIsRecording()) return null;
  const cancel = () => void commands.cancelFile(conversation, id);
  switch (state.is) {
    case 'offered':
      if (own) return <Cancel name={file.name} onClick={cancel} />;
      if (item.route.is === 'store') return <Download item={item} />;
      return (
        <div className="file__actions">
          <Button size="small" appearance="primary" aria-label={`Accept ${file.name}`} onClick={() => void receive()}>
            Accept
          </Button>
          {canPickPlace && (
            <Button size="small" aria-label={`Save ${file.name} as`} onClick={() => void receiveAs()}>
              Save as…
            </Button>
          )}
          <Button
            size="small"
            appearance="subtle"
            aria-label={`Decline ${file.name}`}
            onClick={() => void commands.declineFile(conversation, id)}
          >
            Decline
          </Button>
        </div>
      );
    case 'moving':
    case 'interrupted':
      return <Cancel name={file.name} onClick={cancel} />;
    case 'done':
      if (state.place !== 'browser') return null;
      return (
        <div className="file__actions">
          <Button
            size="small"
            appearance="primary"
            icon={<ArrowDownload16Regular />}
            aria-label={`Save ${file.name}`}
            onClick={() => void save()}
          >
            Save
          </Button>
        </div>
      );
    case 'failed':
      if (!own && item.route.is === 'store') return <Download item={item} />;
      if (!own || !canRetry) return null;
      return (
        <div className="file__actions">
          <Button size="small" aria-label={`Try to send ${file.name} again`} onClick={() => void retry()}>
            Try again
          </Button>
        </div>
      );
    default:
      return null;
  }
}

/** A file of a conference is there for whoever wants it; there is nobody to decline it to. */
function Download({ item }: { item: FileItem }) {
  const { receive, receiveAs } = useFileActions(item);
  const { name } = item.file;
  return (
    <div className="file__actions">
      <Button
        size="small"
        appearance="primary"
        icon={<ArrowDownload16Regular />}
        aria-label={`Download ${name}`}
        onClick={() => void receive()}
      >
        Download
      </Button>
      {canPickPlace && (
        <Button size="small" aria-label={`Save ${name} as`} onClick={() => void receiveAs()}>
          Save as…
        </Button>
      )}
    </div>
  );
}

function Cancel({ name, onClick }: { name: string; onClick(): void }) {
  return (
    <div className="file__actions">
      <Button size="small" aria-label={`Cancel ${name}`} onClick={onClick}>
        Cancel
      </Button>
    </div>
  );
}
