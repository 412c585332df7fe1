import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { ContactsColumn } from '../contacts/ContactsColumn';
import { ConversationPane } from '../conversation/ConversationPane';
import { ConversationsColumn } from '../conversation/ConversationsColumn';
import { ContactCard } from '../people/ContactCard';
import { prefer, preferences } from '../preferences';
import { Invitations } from '../shell/Invitations';
import { orSay } from '../shell/Notices';
import { type Navigation, NavigationContext, type Place } from '../shell/navigation';
import { Rail } from '../shell/Rail';
import { Reconnecting } from '../shell/Reconnecting';
import { useShortcuts } from '../shell/shortcuts';
import type { TraceTarget } from '../trace/target';
import { LinkContext, useApp, useCommands } from '../useApp';
import { ReplayBar } from './ReplayBar';
import type { Recording } from './recording';
import { usePlayer } from './usePlayer';
import './replay.css';

interface ReplayWindowProps {
  recording: Recording;
  onClose(): void;
}

/** Confab as it was at a moment of a recording: the same screens over a ledger of their own, to be looked at only. */
export function ReplayWindow({ recording, onClose }: ReplayWindowProps) {
  const { name, steps, show } = recording;
  const showTrace = useCallback(
    (target: TraceTarget) => {
      show(target);
      onClose();
    },
    [show, onClose],
  );
  const player = usePlayer(steps);
  // Groups that are folded in it are not one's own.
  useEffect(() => {
    const { folded, contactsBy } = preferences();
    return () => prefer({ folded, contactsBy });
  }, []);
  if (player === null) return null;
  return (
    <div className="replay">
      <LinkContext.Provider value={player.replay.link}>
        <ReplayBar name={name} steps={steps} player={player} onShow={showTrace} onClose={onClose} />
        <Screens onShow={showTrace} onClose={onClose} />
      </LinkContext.Provider>
    </div>
  );
}

function Screens({ onShow, onClose }: { onShow(target: TraceTarget): void; onClose(): void }) {
  const commands = useCommands();
  const [place, setPlace] = useState<Place>('contacts');
  const [selected, open] = useState<ConversationId | null>(null);
  const [card, setCard] = useState<{ person: Aor; anchor: HTMLElement; isResting: boolean } | null>(null);
  const isReconnecting = useApp((state) => state.signIn.is === 'reconnecting');
  const isThere = useApp((state) => selected !== null && state.conversations[selected] !== undefined);
  const navigation = useMemo<Navigation>(() => {
    const refuse = () => void orSay(commands.meetNow());
    return {
      place,
      // The trace that it was made from is under it.
      go: (next) => (next === 'contacts' || next === 'conversations' ? setPlace(next) : onClose()),
      traceTarget: null,
      showTrace: onShow,
      selected,
      open,
      talkTo: async (person) => {
        const outcome = await commands.openConversation(person);
        if (outcome.ok) open(outcome.value);
        return outcome;
      },
      meet: () => commands.meetNow(),
      showCard: (person, anchor, isResting = false) => setCard({ person, anchor, isResting }),
      replay: () => undefined,
      startConversation: refuse,
    };
  }, [place, selected, commands, onShow, onClose]);
  useShortcuts(navigation, nothing);
  useFirstTalk(open);
  const shown = isThere ? selected : null;
  return (
    <NavigationContext.Provider value={navigation}>
      <div className={`window${shown !== null ? ' window--talking' : ''}`}>
        <Rail />
        <main className="window__main" aria-label="Recorded Confab">
          {place === 'contacts' ? <ContactsColumn /> : <ConversationsColumn />}
          <div className="panes">
            {isReconnecting && <Reconnecting />}
            <ConversationPane key={shown ?? 'none'} id={shown} />
          </div>
        </main>
        {card !== null && <ContactCard {...card} onClose={() => setCard(null)} />}
        <Invitations />
      </div>
    </NavigationContext.Provider>
  );
}

const nothing = () => undefined;

/** The first conversation of the recording is opened when it begins, as the person will have seen it. */
function useFirstTalk(open: (id: ConversationId) => void): void {
  const first = useApp((state) => Object.keys(state.conversations)[0] as ConversationId | undefined);
  const isOpened = useRef(false);
  useEffect(() => {
    if (first === undefined || isOpened.current) return;
    isOpened.current = true;
    open(first);
  }, [first, open]);
}
