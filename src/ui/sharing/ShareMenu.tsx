import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components';
import {
  Desktop20Regular,
  ShareScreenStart20Filled,
  ShareScreenStart20Regular,
  ShareScreenStop20Regular,
  TabDesktop20Regular,
  Window20Regular,
} from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import type { Surface } from '../../protocol/lync/sharingSdp';
import { loaded } from '../loaded';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { useShare } from './useShare';

const TakeOver = loaded(async () => (await import('./TakeOver')).TakeOver);

interface ShareMenuProps {
  id: ConversationId;
  party: Party;
}

/** Lync's Share menu: a desktop, a program, or what only a browser has, a tab of it. */
export function ShareMenu({ id, party }: ShareMenuProps) {
  const commands = useCommands();
  const own = useApp((state) => state.sharing[id]?.own ?? null);
  const sharer = useApp((state) => state.sharing[id]?.theirs?.sharer ?? null);
  const hindrance = useHindrance(party);
  const { prepare, share } = useShare(id);
  const [isOpen, setIsOpen] = useState(false);
  const [wanted, setWanted] = useState<Surface | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isRunning = own !== null;
  useShareKey(() => {
    if (isRunning) void orSay(commands.stopSharing(id));
    else if (hindrance === null) setIsOpen(true);
  });
  const choose = (surface: Surface) => {
    // In a conference it would end what somebody else shows.
    if (party.is === 'conference' && sharer !== null && !isRunning) setWanted(surface);
    else void share(surface);
  };
  return (
    <>
      <Menu
        open={isOpen}
        onOpenChange={(_event, { open }) => {
          setIsOpen(open && hindrance === null);
          if (open) prepare();
        }}
      >
        <MenuTrigger disableButtonEnhancement>
          <Tooltip content={hindrance ?? 'Share your screen (Ctrl+Shift+S)'} relationship="description">
            <Button
              ref={button}
              className={isRunning ? 'is-pressed' : ''}
              appearance="subtle"
              icon={isRunning ? <ShareScreenStart20Filled /> : <ShareScreenStart20Regular />}
              disabledFocusable={hindrance !== null}
              aria-keyshortcuts="Control+Shift+S"
              aria-label="Share"
            />
          </Tooltip>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<Desktop20Regular />} onClick={() => choose('desktop')}>
              Desktop
            </MenuItem>
            <MenuItem icon={<Window20Regular />} onClick={() => choose('program')}>
              Program
            </MenuItem>
            <MenuItem icon={<TabDesktop20Regular />} onClick={() => choose('tab')}>
              Browser tab
            </MenuItem>
            {isRunning && <MenuDivider />}
            {isRunning && (
              <MenuItem
                className="menuitem--danger"
                icon={<ShareScreenStop20Regular />}
                onClick={() => void orSay(commands.stopSharing(id))}
              >
                Stop sharing
              </MenuItem>
            )}
          </MenuList>
        </MenuPopover>
      </Menu>
      {wanted !== null && sharer !== null && (
        <TakeOver sharer={sharer} onClosed={() => setWanted(null)} onAgreed={() => void share(wanted)} />
      )}
    </>
  );
}

/** Why nothing can be shared here now, in words; `null` when it can. */
function useHindrance(party: Party): string | null {
  return useApp(({ signIn, policy, capabilities }) => {
    if (signIn.is !== 'signedIn') return 'You can share when you are connected again';
    if (!policy.sharing) return 'Your organization does not let you share programs';
    if (!capabilities.sharing) return 'This server knows no shared programs';
    if (navigator.mediaDevices?.getDisplayMedia === undefined) return 'This browser cannot show your screen';
    if (party.is === 'pairwise') return null;
    const { membership, sharing, role } = party.conference;
    if (membership.is !== 'joined') return 'Only who is in the conference can share';
    if (sharing === 'nobody') return 'Programs cannot be shared in this conference';
    return sharing === 'presenters' && role !== 'presenter' ? 'Only a presenter can share in this conference' : null;
  });
}

function useShareKey(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.ctrlKey || !event.shiftKey || event.altKey || event.code !== 'KeyS') return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
