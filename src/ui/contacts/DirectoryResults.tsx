import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
  Tooltip,
} from '@fluentui/react-components';
import { PersonAdd20Regular } from '@fluentui/react-icons';
import { useEffect, useMemo, useState } from 'react';
import type { Failure } from '../../domain/failure';
import type { Contact, FoundPerson } from '../../domain/people';
import type { Aor } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands, useLedger } from '../useApp';
import { failureText } from '../words/failureText';
import { presenceText } from '../words/statusText';
import { groupName } from './rows';

const typingPauseMs = 150;

/** People among the contacts at once, and from the directory as one types. */
export function DirectoryResults({ sought, onDone }: { sought: string; onDone(): void }) {
  const commands = useCommands();
  const ledger = useLedger();
  const contacts = useApp((state) => state.contacts);
  const me = useApp((state) => state.account?.aor);
  const [found, setFound] = useState<readonly FoundPerson[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(async () => {
      const outcome = await commands.findPeople(sought);
      if (isStale) return;
      setFailure(outcome.ok ? null : outcome.failure);
      setFound(outcome.ok ? outcome.value : []);
    }, typingPauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [commands, sought]);

  const mine = useMemo(() => {
    const wanted = sought.trim().toLowerCase();
    const state = ledger.getState();
    return Object.values<Contact>(contacts)
      .map(({ aor }) => aor)
      .filter((aor) => `${nameOf(state, aor)} ${aor}`.toLowerCase().includes(wanted));
  }, [contacts, sought, ledger]);
  const others = (found ?? []).filter(({ aor }) => contacts[aor] === undefined && aor !== me);

  return (
    <div className="column__body">
      {mine.length > 0 && <h2 className="results__head">Your contacts</h2>}
      <ul className="results">
        {mine.map((aor) => (
          <Result key={aor} aor={aor} onDone={onDone} />
        ))}
      </ul>
      <h2 className="results__head">
        Directory {found === null && <Spinner size="extra-tiny" aria-label="Looking in the directory" />}
      </h2>
      <ul className="results">
        {others.map((person) => (
          <Result key={person.aor} aor={person.aor} person={person} onDone={onDone} />
        ))}
      </ul>
      {failure !== null && <p className="results__none">{failureText(failure)}</p>}
      {found !== null && failure === null && others.length === 0 && (
        <p className="results__none">Nobody else fits “{sought.trim()}”.</p>
      )}
    </div>
  );
}

function Result({ aor, person, onDone }: { aor: Aor; person?: FoundPerson; onDone(): void }) {
  const { talkTo } = useNavigation();
  const known = useApp((state) => nameOf(state, aor));
  const presence = useApp((state) => state.presence[aor]);
  const title = useApp((state) => state.cards[aor]?.title);
  const name = person?.displayName || known;
  const detail = person?.title || title;
  const talk = async () => {
    if (await orSay(talkTo(aor))) onDone();
  };
  return (
    <li className="result">
      <button type="button" className="result__person" onClick={() => void talk()} aria-label={`Send an IM to ${name}`}>
        <Face aor={aor} />
        <span className="contactrow__text">
          <span className="ellipsis">{name}</span>
          <span className="contactrow__status ellipsis">
            {presenceText(presence, Date.now())}
            {detail ? ` · ${detail}` : ''}
          </span>
        </span>
      </button>
      {person !== undefined && <AddButton aor={aor} name={name} />}
    </li>
  );
}

function AddButton({ aor, name }: { aor: Aor; name: string }) {
  const commands = useCommands();
  const groups = useApp((state) => state.groups);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={`Add ${name} to your contacts`} relationship="label">
          <Button appearance="subtle" icon={<PersonAdd20Regular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {groups.map((group) => (
            <MenuItem key={group.id} onClick={() => void orSay(commands.addContact(aor, group.id))}>
              Add to {groupName(group, groups)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
