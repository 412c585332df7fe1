import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { ContactsColumn } from '../contacts/ContactsColumn';
import { ConversationPane } from '../conversation/ConversationPane';
import { ConversationsColumn } from '../conversation/ConversationsColumn';
import { useSendAgain } from '../conversation/sending';
import { useNoStrayDrops } from '../files/useDrop';
import { useFilesUnderWay } from '../files/useFiles';
import { loaded } from '../loaded';
import type { Recording } from '../replay/recording';
import type { TraceTarget } from '../trace/target';
import { useApp, useCommands } from '../useApp';
import { Attention } from './Attention';
import { Invitations } from './Invitations';
import { Notices } from './Notices';
import { keepPlace, keptPlace, type Navigation, NavigationContext } from './navigation';
import { Rail } from './Rail';
import { Reconnecting } from './Reconnecting';
import { useShortcuts } from './shortcuts';
import { useBack } from './useBack';
import { useTouch } from './useTouch';
import './shell.css';
import './bars.css';
import './panes.css';

const TracePage = loaded(async () => (await import('../trace/TracePage')).TracePage);
const SettingsPage = loaded(async () => (await import('../settings/SettingsPage')).SettingsPage);
const DoctorPage = loaded(async () => (await import('../doctor/DoctorPage')).DoctorPage);
const ContactCard = loaded(async () => (await import('../people/ContactCard')).ContactCard);
const NewConversation = loaded(async () => (await import('../conference/NewConversation')).NewConversation);
const ReplayWindow = loaded(async () => (await import('../replay/ReplayWindow')).ReplayWindow);
const Shortcuts = loaded(async () => (await import('./Shortcuts')).Shortcuts);

/** Rail, side column and panes; on a narrow screen one of the latter two at a time. */
export function MainWindow() {
  const commands = useCommands();
  const [{ place, selected }, setWhere] = useState(keptPlace);
  const [traceTarget, setTraceTarget] = useState<TraceTarget | null>(null);
  const [card, setCard] = useState<{ person: Aor; anchor: HTMLElement; isResting: boolean } | null>(null);
  const [dialog, setDialog] = useState<'newConversation' | 'shortcuts' | null>(null);
  const [recording, setRecording] = useState<Recording | null>(null);
  const isReconnecting = useApp((state) => state.signIn.is === 'reconnecting');
  const isThere = useApp((state) => selected !== null && state.conversations[selected] !== undefined);

  const navigation = useMemo<Navigation>(() => {
    const open = (id: ConversationId | null) => {
      setRecording(null);
      setWhere((where) => ({ ...where, selected: id }));
    };
    return {
      place,
      go: (next) => {
        setRecording(null);
        setTraceTarget(null);
        setWhere((where) => ({ ...where, place: next }));
      },
      traceTarget,
      showTrace: (target) => {
        setRecording(null);
        setTraceTarget(target);
        setWhere((where) => ({ ...where, place: 'trace' }));
      },
      selected,
      open,
      talkTo: async (person) => {
        const outcome = await commands.openConversation(person);
        if (outcome.ok) open(outcome.value);
        return outcome;
      },
      meet: async (people) => {
        const outcome = await commands.meetNow();
        if (!outcome.ok) return outcome;
        open(outcome.value);
        if (people.length > 0) void commands.invite(outcome.value, people);
        return outcome;
      },
      showCard: (person, anchor, isResting = false) => setCard({ person, anchor, isResting }),
      replay: setRecording,
      startConversation: () => setDialog('newConversation'),
    };
  }, [place, selected, traceTarget, commands]);
  useEffect(() => keepPlace(place, selected), [place, selected]);
  useTouch();
  useSendAgain();
  useFilesUnderWay();
  useNoStrayDrops();
  useShortcuts(
    navigation,
    useCallback(() => setDialog('shortcuts'), []),
    // The recording over it has its own.
    recording === null,
  );

  const hasColumn = place === 'contacts' || place === 'conversations';
  const shown = selected !== null && isThere ? selected : null;
  const close = () => setDialog(null);
  const closeRecording = useCallback(() => setRecording(null), []);
  useBack(shown !== null && hasColumn, () => navigation.open(null));
  return (
    <NavigationContext.Provider value={navigation}>
      <div
        className={`window${shown !== null && hasColumn ? ' window--talking' : ''}${hasColumn ? '' : ' window--wide'}${recording === null ? '' : ' window--behind'}`}
      >
        <Rail />
        <main className="window__main">
          {place === 'contacts' && <ContactsColumn />}
          {place === 'conversations' && <ConversationsColumn />}
          <div className="panes">
            {isReconnecting && <Reconnecting />}
            {hasColumn && <ConversationPane key={shown ?? 'none'} id={shown} />}
            {place === 'trace' && <TracePage target={traceTarget} />}
            {place === 'doctor' && (
              <DoctorPage
                signIn={null}
                back="Back to Trace"
                onBack={() => navigation.go('trace')}
                onTrace={navigation.showTrace}
              />
            )}
            {place === 'settings' && <SettingsPage onShortcuts={() => setDialog('shortcuts')} />}
          </div>
        </main>
        {recording !== null && <ReplayWindow recording={recording} onClose={closeRecording} />}
        {card !== null && <ContactCard {...card} onClose={() => setCard(null)} />}
        {dialog === 'newConversation' && <NewConversation onClosed={close} />}
        {dialog === 'shortcuts' && <Shortcuts onClosed={close} />}
        <Invitations />
        <Notices />
        <Attention />
      </div>
    </NavigationContext.Provider>
  );
}
