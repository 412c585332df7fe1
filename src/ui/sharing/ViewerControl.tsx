import { Button, Tooltip } from '@fluentui/react-components';
import {
  Cursor20Regular,
  CursorHover20Regular,
  CursorProhibited20Regular,
  Eraser20Regular,
  Pen20Regular,
  Record20Regular,
  ZoomIn20Regular,
  ZoomOut20Regular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { PeerShare } from '../../domain/sharing';
import type { Tool } from '../../media/pointing';
import type { Surface } from '../../protocol/lync/sharingSdp';
import { firstNameOf } from '../../state/selectors';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { controlText } from '../words/sharingText';
import { useTabMedia } from './tabMedia';

interface ViewerControlProps {
  id: ConversationId;
  theirs: PeerShare;
  surface: Surface | null;
  canZoom: boolean;
  tool: Tool;
  onTool(tool: Tool): void;
}

const tools: readonly [Tool, string, ReactElement][] = [
  ['pointer', 'Pointer', <Cursor20Regular key="pointer" />],
  ['laser', 'Laser', <Record20Regular key="laser" />],
  ['pen', 'Pen', <Pen20Regular key="pen" />],
];

/** Asking for control of what somebody else shows, and what one can do with it. */
export function ViewerControl(props: ViewerControlProps) {
  const { id, theirs, surface, canZoom } = props;
  const commands = useCommands();
  const me = useApp((state) => state.account?.aor);
  const first = useApp((state) => firstNameOf(state, theirs.sharer));
  const { isAsking, canPoint, controller } = theirs;
  const hasControl = controller === me;
  const hint = controlText({ sharer: first, surface, canPoint, canZoom, hasControl });
  if (hasControl) return <InControl {...props} hint={hint} />;
  return (
    <Tooltip content={hint} relationship="description">
      <Button
        appearance="subtle"
        icon={isAsking ? <CursorProhibited20Regular /> : <CursorHover20Regular />}
        disabledFocusable={!canPoint || theirs.view.is !== 'live'}
        onClick={() => void orSay(commands.controlSharing(id, { is: isAsking ? 'giveUp' : 'request' }))}
      >
        {isAsking ? 'Asked for control. Cancel' : 'Request control'}
      </Button>
    </Tooltip>
  );
}

function InControl({ id, canZoom, tool, onTool, hint }: ViewerControlProps & { hint: string }) {
  const commands = useCommands();
  const media = useTabMedia();
  const zoom = (by: 'in' | 'out') => media.pointing(id)?.say({ is: 'zoom', by });
  return (
    <>
      <Tooltip content={hint} relationship="description">
        <Button
          icon={<CursorProhibited20Regular />}
          onClick={() => void orSay(commands.controlSharing(id, { is: 'giveUp' }))}
        >
          <span className="sharebar__release">Release control</span>
        </Button>
      </Tooltip>
      <span className="sharebar__line" />
      {tools.map(([name, label, icon]) => (
        <Tooltip key={name} content={label} relationship="label">
          <Button
            className={tool === name ? 'is-pressed' : ''}
            appearance="subtle"
            icon={icon}
            aria-pressed={tool === name}
            onClick={() => onTool(name)}
          />
        </Tooltip>
      ))}
      <Tooltip content="Wipe the ink" relationship="label">
        <Button appearance="subtle" icon={<Eraser20Regular />} onClick={() => media.pointing(id)?.clear()} />
      </Tooltip>
      {canZoom && (
        <>
          <Tooltip content="Show it smaller there" relationship="label">
            <Button appearance="subtle" icon={<ZoomOut20Regular />} onClick={() => zoom('out')} />
          </Tooltip>
          <Tooltip content="Show it larger there" relationship="label">
            <Button appearance="subtle" icon={<ZoomIn20Regular />} onClick={() => zoom('in')} />
          </Tooltip>
        </>
      )}
    </>
  );
}
