import { Tooltip } from '@fluentui/react-components';
import { ChatDismiss16Regular, Compose20Regular, PeopleTeam20Regular } from '@fluentui/react-icons';
import { memo, useMemo, useState } from 'react';
import type { Conversation } from '../../domain/conversation';
import { conversationsByTime, peopleIn, titleOf } from '../../state/selectors';
import { Face, Faces } from '../people/Face';
import { moveAmong } from '../shell/moveAmong';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { Search } from '../shell/Search';
import { Views } from '../shell/Views';
import { useApp, useLedger } from '../useApp';
import { dayText, listTimeText } from '../words/timeText';
import { usePresenceText } from '../words/usePresenceText';
import { usePreview } from './usePreview';

const views = { all: 'All', unread: 'Unread', conferences: 'Conferences' } as const;
type View = keyof typeof views;

/** Conversations: those open now, then by day. */
export function ConversationsColumn() {
  const { meet, startConversation } = useNavigation();
  const mayMeet = useApp((state) => state.policy.conferences);
  const [sought, setSought] = useState('');
  const [view, setView] = useState<View>('all');
  return (
    <section className="column" aria-label="Conversations">
      <header className="column__head">
        <h1>Conversations</h1>
        {mayMeet && (
          <Tooltip content="Meet now" relationship="label">
            <button type="button" className="iconbutton" onClick={() => void orSay(meet([]))}>
              <PeopleTeam20Regular />
            </button>
          </Tooltip>
        )}
        <Tooltip content="New conversation (Alt+N)" relationship="label">
          <button type="button" className="iconbutton" onClick={startConversation}>
            <Compose20Regular />
          </button>
        </Tooltip>
      </header>
      <search className="column__search" aria-label="Search conversations" data-region>
        <Search label="Search conversations" keys="Alt+Q" value={sought} onValue={setSought} />
      </search>
      <div className="column__views" data-region>
        <Views label="Show conversations" names={views} value={view} onValue={(next) => setView(next)} />
      </div>
      <Sections sought={sought} view={view} />
    </section>
  );
}

/** Apart from the search above it, since it changes with every message. */
function Sections({ sought, view }: { sought: string; view: View }) {
  const ledger = useLedger();
  const { selected } = useNavigation();
  const conversations = useApp((state) => state.conversations);
  const sections = useMemo(() => {
    const state = { ...ledger.getState(), conversations };
    const wanted = sought.trim().toLowerCase();
    const fits = (one: Conversation) =>
      `${titleOf(state, one.party)} ${one.preview}`.toLowerCase().includes(wanted) &&
      (view !== 'conferences' || one.party.is === 'conference') &&
      (view !== 'unread' || one.unread > 0 || one.missed || one.id === selected);
    return inSections(conversationsByTime(state).filter(fits));
  }, [conversations, sought, view, selected, ledger]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the arrows of the buttons inside
    <div className="column__body" onKeyDown={(event) => moveAmong(event, '.conversationrow')} data-region>
      {sections.length === 0 && <p className="results__none">{emptyText(sought, view)}</p>}
      {sections.map(({ name, all }) => (
        <section key={name} aria-label={name}>
          <h2 className="results__head">{name}</h2>
          <ul className="results">
            {all.map((conversation) => (
              <ConversationRow key={conversation.id} conversation={conversation} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function emptyText(sought: string, view: View): string {
  if (sought.trim() !== '') return `No conversation fits “${sought.trim()}”. Names and last messages are searched.`;
  if (view === 'unread') return 'You have read everything.';
  return view === 'conferences' ? 'No conferences yet.' : 'No conversations yet. What you say and hear is kept here.';
}

function inSections(all: readonly Conversation[]): { name: string; all: Conversation[] }[] {
  const now = Date.now();
  const sections = new Map<string, Conversation[]>();
  for (const conversation of [...all.filter(({ open }) => open), ...all.filter(({ open }) => !open)]) {
    const day = dayText(conversation.lastAt, now);
    const name = conversation.open ? 'Open now' : day === 'Today' ? 'Earlier today' : day;
    sections.set(name, [...(sections.get(name) ?? []), conversation]);
  }
  return [...sections].map(([name, members]) => ({ name, all: members }));
}

const ConversationRow = memo(function ConversationRow({ conversation }: { conversation: Conversation }) {
  const { selected, open } = useNavigation();
  const ledger = useLedger();
  const title = useApp((state) => titleOf(state, conversation.party));
  const preview = usePreview(conversation);
  const { id, party, unread, missed, lastAt } = conversation;
  const status = usePresenceText(useApp((state) => (party.is === 'pairwise' ? state.presence[party.peer] : undefined)));
  return (
    <li>
      <button
        type="button"
        className={`conversationrow${unread > 0 || missed ? ' is-unread' : ''}`}
        aria-current={selected === id ? 'true' : undefined}
        onClick={() => open(id)}
      >
        {party.is === 'pairwise' ? (
          <Face aor={party.peer} size={40} />
        ) : (
          <Faces people={peopleIn(ledger.getState(), conversation.party)} />
        )}
        <span className="conversationrow__text">
          <span className="ellipsis conversationrow__title">
            {title}
            {party.is === 'pairwise' && <span className="sr-only">, {status}</span>}
          </span>
          <span className="ellipsis conversationrow__preview">{preview}</span>
        </span>
        <span className="conversationrow__end">
          <time>{listTimeText(lastAt, Date.now())}</time>
          {missed && <ChatDismiss16Regular aria-hidden="true" />}
          {unread > 0 && (
            <span className="count count--small">
              {unread}
              <span className="sr-only"> unread</span>
            </span>
          )}
        </span>
      </button>
    </li>
  );
});
