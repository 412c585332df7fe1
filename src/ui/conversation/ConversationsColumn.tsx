import { Button, SearchBox, Tooltip } from '@fluentui/react-components';
import { PeopleCall20Regular } from '@fluentui/react-icons';
import { memo, useMemo, useState } from 'react';
import type { Conversation } from '../../domain/conversation';
import { conversationsByTime, peopleIn, titleOf } from '../../state/selectors';
import { Face, Faces } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands, useLedger } from '../useApp';
import { presenceText } from '../words/statusText';
import { dayText, listTimeText } from '../words/timeText';
import { usePreview } from './ConversationPane';

/** Conversations: those open now, then by day. */
export function ConversationsColumn() {
  const commands = useCommands();
  const { open } = useNavigation();
  const mayMeet = useApp((state) => state.policy.conferences);
  const [sought, setSought] = useState('');
  const meet = async () => {
    const promise = commands.meetNow();
    if (!(await orSay(promise))) return;
    const outcome = await promise;
    if (outcome.ok) open(outcome.value);
  };
  return (
    <section className="column" aria-label="Conversations">
      <header className="column__head">
        <h1>Conversations</h1>
        {mayMeet && (
          <Tooltip content="Meet now" relationship="label">
            <Button appearance="subtle" icon={<PeopleCall20Regular />} onClick={() => void meet()} />
          </Tooltip>
        )}
      </header>
      <SearchBox
        className="column__search"
        placeholder="Search conversations"
        aria-label="Search conversations"
        value={sought}
        onChange={(_event, data) => setSought(data.value)}
      />
      <Sections sought={sought} />
    </section>
  );
}

/** Apart from the search above it, since it changes with every message. */
function Sections({ sought }: { sought: string }) {
  const ledger = useLedger();
  const conversations = useApp((state) => state.conversations);
  const sections = useMemo(() => {
    const state = { ...ledger.getState(), conversations };
    const wanted = sought.trim().toLowerCase();
    const fits = (one: Conversation) => `${titleOf(state, one.party)} ${one.preview}`.toLowerCase().includes(wanted);
    return inSections(conversationsByTime(state).filter(fits));
  }, [conversations, sought, ledger]);
  return (
    <div className="column__body">
      {sections.length === 0 && (
        <p className="results__none">{sought === '' ? 'Nothing was said yet.' : 'Nothing fits.'}</p>
      )}
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
  const status = useApp((state) =>
    party.is === 'pairwise' ? presenceText(state.presence[party.peer], Date.now()) : '',
  );
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
            {status !== '' && <span className="sr-only">, {status}</span>}
          </span>
          <span className="ellipsis conversationrow__preview">{missed ? `Missed: ${preview}` : preview}</span>
        </span>
        <span className="conversationrow__end">
          <time>{listTimeText(lastAt, Date.now())}</time>
          {unread > 0 && (
            <span className="count">
              {unread}
              <span className="sr-only"> unread</span>
            </span>
          )}
        </span>
      </button>
    </li>
  );
});
