import { PersonAdd20Regular } from '@fluentui/react-icons';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Failure } from '../../domain/failure';
import type { Contact, FoundPerson } from '../../domain/people';
import { type Aor, aorOf, bareAddress } from '../../protocol/sip/uri';
import { compareContacts, nameOf } from '../../state/selectors';
import { FaceButton } from '../people/FaceButton';
import { moveAmong } from '../shell/moveAmong';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands, useLedger } from '../useApp';
import { failureText } from '../words/failureText';
import { usePresenceText } from '../words/usePresenceText';
import { AddToContacts } from './AddToContacts';
import { Marked } from './Marked';

const typingPauseMs = 150;

/** People among the contacts at once, and from the directory as one types. */
export function DirectoryResults({ sought, onDone }: { sought: string; onDone(): void }) {
  const contacts = useApp((state) => state.contacts);
  const me = useApp((state) => state.account?.aor);
  const hasDirectory = useApp((state) => state.capabilities.directory);
  const wanted = sought.trim();
  const mine = useMine(wanted);
  const { found, failure, isLooking } = useDirectory(wanted);
  const others = found.filter(({ aor }) => contacts[aor] === undefined && aor !== me);
  const address = wanted.includes('@') ? aorOf(wanted) : null;
  const isNew = address !== null && contacts[address] === undefined && !others.some(({ aor }) => aor === address);
  const outside = isNew && address !== me && !isLooking ? address : null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears the arrows of the buttons inside
    <div
      className="column__body"
      onKeyDown={(event) => moveAmong(event, '.result__person', searchOf(event.currentTarget))}
      data-region
    >
      {mine.length > 0 && (
        <Section title="Your contacts" count={mine.length}>
          {mine.map((aor) => (
            <Result key={aor} aor={aor} wanted={wanted} onDone={onDone} />
          ))}
        </Section>
      )}
      {hasDirectory && wanted !== '' && (
        <Section title="Company directory" count={others.length} isLooking={isLooking}>
          {others.map((person) => (
            <Result key={person.aor} aor={person.aor} person={person} wanted={wanted} onDone={onDone} />
          ))}
        </Section>
      )}
      {failure !== null && <p className="results__none">{failureText(failure)}</p>}
      {wanted !== '' && !isLooking && failure === null && mine.length + others.length === 0 && outside === null && (
        <p className="results__none">
          Nobody called “{wanted}”. Check the spelling, or type a full address like name@company.example.
        </p>
      )}
      {outside !== null && (
        <Section title="This address">
          <Result aor={outside} wanted={wanted} onDone={onDone} isStranger />
        </Section>
      )}
      {wanted === '' && (
        <div className="results__hint">
          <span aria-hidden="true">
            <PersonAdd20Regular />
          </span>
          <p>
            Type a name to find someone in your company.
            <br />
            For anyone else, type a full address like name@company.example.
          </p>
        </div>
      )}
    </div>
  );
}

const searchOf = (part: HTMLElement) =>
  part.closest('.column')?.querySelector<HTMLElement>('input[type="search"]') ?? null;

function useMine(wanted: string): Aor[] {
  const ledger = useLedger();
  const contacts = useApp((state) => state.contacts);
  return useMemo(() => {
    if (wanted === '') return [];
    const state = ledger.getState();
    const words = wanted.toLowerCase().split(/\s+/);
    return Object.values<Contact>(contacts)
      .map(({ aor }) => aor)
      .filter((aor) => {
        const text = `${nameOf(state, aor)} ${bareAddress(aor)}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .sort((a, b) => compareContacts(state, a, b));
  }, [contacts, wanted, ledger]);
}

interface Answer {
  to: string;
  found: readonly FoundPerson[];
  failure: Failure | null;
}
const nothing: Answer = { to: '', found: [], failure: null };

/** What the directory answers. What it said to the letters before stays until the new answer comes. */
function useDirectory(wanted: string): Answer & { isLooking: boolean } {
  const commands = useCommands();
  const [answer, setAnswer] = useState(nothing);
  useEffect(() => {
    let isStale = false;
    const ask = async () => {
      const outcome = wanted === '' ? null : await commands.findPeople(wanted);
      if (isStale) return;
      const found = outcome?.ok ? outcome.value : [];
      setAnswer({ to: wanted, found, failure: outcome === null || outcome.ok ? null : outcome.failure });
    };
    const timer = setTimeout(ask, typingPauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [commands, wanted]);
  return { ...answer, isLooking: answer.to !== wanted };
}

interface SectionProps {
  title: string;
  count?: number;
  isLooking?: boolean;
  children: ReactNode;
}

function Section({ title, count, isLooking = false, children }: SectionProps) {
  return (
    <section aria-label={title}>
      <h2 className="results__head">
        {title}
        {isLooking ? (
          <span className="spinner spinner--small" role="img" aria-label="Looking" />
        ) : (
          count !== undefined && <span className="results__count">{count}</span>
        )}
      </h2>
      <ul className="results">{children}</ul>
    </section>
  );
}

interface ResultProps {
  aor: Aor;
  person?: FoundPerson;
  wanted: string;
  /** Only the address is known. */
  isStranger?: boolean;
  onDone(): void;
}

function Result({ aor, person, wanted, isStranger = false, onDone }: ResultProps) {
  const { talkTo } = useNavigation();
  const known = useApp((state) => nameOf(state, aor));
  const title = useApp((state) => state.cards[aor]?.title);
  const status = usePresenceText(useApp((state) => state.presence[aor]));
  const isContact = useApp((state) => state.contacts[aor] !== undefined);
  const name = person?.displayName || known;
  const detail = person?.title || title;
  const talk = async () => {
    if (await orSay(talkTo(aor))) onDone();
  };
  return (
    <li className="result">
      <FaceButton aor={aor} takesFocus={false} />
      <button type="button" className="result__person" onClick={() => void talk()} aria-label={`Send an IM to ${name}`}>
        <span className="ellipsis">
          <Marked text={name} wanted={wanted} />
        </span>
        <span className="contactrow__status ellipsis">
          {isStranger ? 'Somebody outside your contacts' : [status, detail].filter(Boolean).join(' · ')}
        </span>
      </button>
      {!isContact && <AddToContacts aor={aor} name={name} />}
    </li>
  );
}
