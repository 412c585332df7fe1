import { Checkbox } from '@fluentui/react-components';
import { Dismiss12Regular } from '@fluentui/react-icons';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Contact, FoundPerson } from '../../domain/people';
import { type Aor, aorOf, bareAddress } from '../../protocol/sip/uri';
import { compareContacts, nameOf } from '../../state/selectors';
import { Marked } from '../contacts/Marked';
import { moveAmong } from '../shell/moveAmong';
import { useApp, useCommands, useLedger } from '../useApp';
import { usePresenceText } from '../words/usePresenceText';
import { Face } from './Face';
import './picker.css';

const typingPauseMs = 150;
const mostShown = 60;

interface Candidate {
  aor: Aor;
  name: string;
}

interface PeoplePickerProps {
  label: string;
  /** Not offered: they are there already. */
  present: ReadonlySet<Aor>;
  chosen: readonly Aor[];
  onChosen(chosen: readonly Aor[]): void;
}

/** Chooses people: contacts first, the directory as one types, anybody by a whole address. */
export function PeoplePicker({ label, present, chosen, onChosen }: PeoplePickerProps) {
  const [sought, setSought] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const { mine, others, isLooking } = useCandidates(present, sought.trim());
  useEffect(() => {
    // After the dialog around it, which takes the focus to its first button.
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const toggle = (aor: Aor) => {
    onChosen(chosen.includes(aor) ? chosen.filter((one) => one !== aor) : [...chosen, aor]);
    if (sought === '') return;
    setSought('');
    field.current?.focus();
  };
  const onFieldKey = (event: KeyboardEvent) => {
    const [first] = [...mine, ...others];
    const last = chosen.at(-1);
    if (event.key === 'Enter') {
      event.preventDefault();
      if (sought.trim() !== '' && first !== undefined) toggle(first.aor);
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      box.current?.querySelector<HTMLElement>('input[type="checkbox"]')?.focus();
    } else if (event.key === 'Backspace' && sought === '' && last !== undefined) toggle(last);
  };
  const list = (title: string, people: readonly Candidate[]) =>
    people.length > 0 && (
      <Section title={title}>
        {people.slice(0, mostShown).map((person) => (
          <Choice
            key={person.aor}
            {...person}
            wanted={sought.trim()}
            isChosen={chosen.includes(person.aor)}
            onToggle={() => toggle(person.aor)}
          />
        ))}
      </Section>
    );
  return (
    <>
      <div className="picker">
        {chosen.map((aor) => (
          <Chosen key={aor} aor={aor} onRemove={() => toggle(aor)} />
        ))}
        <input
          ref={field}
          className="picker__field"
          type="search"
          aria-label={label}
          placeholder={chosen.length === 0 ? 'Type a name' : ''}
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          onKeyDown={onFieldKey}
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: hears the arrows of the boxes inside */}
      <div
        className="picker__list"
        ref={box}
        onKeyDown={(event) => moveAmong(event, 'input[type="checkbox"]', field.current)}
      >
        {list('From your contacts', mine)}
        {list('Company directory', others)}
        {mine.length + others.length === 0 && (
          <p className="picker__none">
            {isLooking
              ? 'Looking…'
              : sought.trim() === ''
                ? 'Type a name to find people.'
                : `Nobody called “${sought.trim()}”.`}
          </p>
        )}
      </div>
    </>
  );
}

function useCandidates(present: ReadonlySet<Aor>, wanted: string) {
  const commands = useCommands();
  const ledger = useLedger();
  const contacts = useApp((state) => state.contacts);
  const [answer, setAnswer] = useState<{ to: string; found: readonly FoundPerson[] }>({ to: '', found: [] });
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(async () => {
      const outcome = wanted === '' ? null : await commands.findPeople(wanted);
      if (!isStale) setAnswer({ to: wanted, found: outcome?.ok ? outcome.value : [] });
    }, typingPauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [commands, wanted]);
  return useMemo(() => {
    const state = ledger.getState();
    const isOffered = (aor: Aor) => !present.has(aor) && aor !== state.account?.aor;
    const mine = Object.values<Contact>(contacts)
      .map(({ aor }) => aor)
      .filter((aor) => `${nameOf(state, aor)} ${bareAddress(aor)}`.toLowerCase().includes(wanted.toLowerCase()))
      .sort((a, b) => compareContacts(state, a, b))
      .map((aor) => ({ aor, name: nameOf(state, aor) }));
    const found = answer.found
      .filter(({ aor }) => contacts[aor] === undefined)
      .map(({ aor, displayName }) => ({ aor, name: displayName }));
    const address = wanted.includes('@') ? aorOf(wanted) : null;
    const isNew = address !== null && ![...mine, ...found].some(({ aor }) => aor === address);
    const others = isNew ? [...found, { aor: address, name: bareAddress(address) }] : found;
    return {
      mine: mine.filter(({ aor }) => isOffered(aor)),
      others: others.filter(({ aor }) => isOffered(aor)),
      isLooking: answer.to !== wanted,
    };
  }, [present, contacts, answer, wanted, ledger]);
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul>{children}</ul>
    </section>
  );
}

function Chosen({ aor, onRemove }: { aor: Aor; onRemove(): void }) {
  const name = useApp((state) => nameOf(state, aor));
  return (
    <span className="pick">
      <Face aor={aor} size={24} presence={false} />
      <span className="ellipsis">{name}</span>
      <button type="button" aria-label={`Leave ${name} out`} onClick={onRemove}>
        <Dismiss12Regular />
      </button>
    </span>
  );
}

interface ChoiceProps extends Candidate {
  wanted: string;
  isChosen: boolean;
  onToggle(): void;
}

function Choice({ aor, name, wanted, isChosen, onToggle }: ChoiceProps) {
  const status = usePresenceText(useApp((state) => state.presence[aor]));
  const title = useApp((state) => state.cards[aor]?.title);
  return (
    <li className="choice">
      <Checkbox
        checked={isChosen}
        onChange={onToggle}
        label={
          <span className="choice__label">
            <Face aor={aor} />
            <span className="contactrow__text">
              <span className="ellipsis">
                <Marked text={name} wanted={wanted} />
              </span>
              <span className="contactrow__status ellipsis">{[status, title].filter(Boolean).join(' · ')}</span>
            </span>
          </span>
        }
      />
    </li>
  );
}
