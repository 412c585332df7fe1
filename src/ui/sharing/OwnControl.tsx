import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import {
  ChevronDown12Regular,
  CursorHover20Regular,
  CursorProhibited20Regular,
  Eraser20Regular,
} from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { OwnShare } from '../../domain/sharing';
import type { Aor } from '../../protocol/sip/uri';
import { firstNameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useApp, useCommands, useLedger } from '../useApp';
import { useMarks, useShown, useTabMedia } from './tabMedia';
import { watchersIn } from './watchers';

interface OwnControlProps {
  id: ConversationId;
  own: OwnShare;
}

/** The preview: over it the wheel of the person here turns in the shared tab, where the browser lets it. */
const previewOf = (): HTMLElement | null => document.querySelector<HTMLElement>('.own__frame');

function useGive(id: ConversationId): (to: Aor) => Promise<void> {
  const media = useTabMedia();
  const commands = useCommands();
  return async (to) => {
    // First, in the click itself: the browser asks whether others may change what it shows.
    await media.allowControl(id, previewOf());
    await orSay(commands.controlSharing(id, { is: 'grant', to }));
  };
}

/** Gives control to somebody who looks, or takes it back. */
export function OwnControl({ id, own }: OwnControlProps) {
  const commands = useCommands();
  const give = useGive(id);
  const { controller } = own;
  const name = useApp((state) => (controller === null ? '' : firstNameOf(state, controller)));
  const state = useLedger().getState();
  const watchers = useApp((latest) => watchersIn(latest, id).join('\n'))
    .split('\n')
    .filter(Boolean) as Aor[];
  const takeBack = () => {
    if (controller !== null) void orSay(commands.controlSharing(id, { is: 'takeBack', to: controller }));
  };
  useTakeBackKey(takeBack);
  if (controller !== null) {
    return (
      <Tooltip content={`${name} points and draws (Ctrl+Alt+Space)`} relationship="description">
        <Button icon={<CursorProhibited20Regular />} aria-keyshortcuts="Control+Alt+Space" onClick={takeBack}>
          Take back control
        </Button>
      </Tooltip>
    );
  }
  const hint = own.canPoint ? 'Let somebody point and draw' : 'The other side shows nobody’s pointer';
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={hint} relationship="description">
          <Button
            appearance="subtle"
            icon={<CursorHover20Regular />}
            disabledFocusable={!own.canPoint || watchers.length === 0}
          >
            Give control <ChevronDown12Regular className="sharebar__more" />
          </Button>
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {watchers.map((aor) => (
            <MenuItem key={aor} onClick={() => void give(aor)}>
              {firstNameOf(state, aor)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function useTakeBackKey(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.ctrlKey || !event.altKey || event.code !== 'Space') return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

/** What somebody drew stays when control is over, until the sharer wipes it. */
export function WipeInk({ id }: { id: ConversationId }) {
  const media = useTabMedia();
  const { strokes } = useMarks(id);
  if (strokes.length === 0) return null;
  return (
    <Tooltip content="Wipe the ink" relationship="label">
      <Button appearance="subtle" icon={<Eraser20Regular />} onClick={() => media.pointing(id)?.clear()} />
    </Tooltip>
  );
}

/** Somebody asks: the first one who did. Does not take the focus. */
export function ControlRequest({ id, own }: OwnControlProps) {
  const [asking] = own.asking;
  return asking === undefined ? null : <Request id={id} asking={asking} />;
}

function Request({ id, asking }: { id: ConversationId; asking: Aor }) {
  const commands = useCommands();
  const give = useGive(id);
  const first = useApp((state) => firstNameOf(state, asking));
  const asksForZoom = useShown(id)?.asksForZoom ?? false;
  return (
    <div className="ask" role="alertdialog" aria-label={`${first} asks for control`}>
      <Face aor={asking} size={48} />
      <div className="ask__text">
        <p className="own__title">{first} wants to point and draw</p>
        <p className="ask__sub">
          Only over what you share. {asksForZoom && 'Whether to zoom it too, the browser asks you. '}
          Ctrl+Alt+Space takes control back.
        </p>
      </div>
      <Button onClick={() => void orSay(commands.controlSharing(id, { is: 'decline', to: asking }))}>Decline</Button>
      <Button appearance="primary" onClick={() => void give(asking)}>
        Allow
      </Button>
    </div>
  );
}
