import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  MessageBar,
  MessageBarBody,
  SearchBox,
} from '@fluentui/react-components';
import { Dismiss12Regular } from '@fluentui/react-icons';
import { useEffect, useMemo, useState } from 'react';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import type { Contact, FoundPerson } from '../../domain/people';
import type { Aor } from '../../protocol/sip/uri';
import { compareContacts, nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { useApp, useCommands, useLedger } from '../useApp';
import { failureText } from '../words/failureText';
import { presenceText } from '../words/statusText';
import './conference.css';

const searchPauseMs = 150;
const mostShown = 60;

interface InviteDialogProps {
  id: ConversationId;
  party: Party;
  onClose(): void;
}

/** Chooses people to bring in: contacts first, the directory as one types. */
export function InviteDialog({ id, party, onClose }: InviteDialogProps) {
  const commands = useCommands();
  const [sought, setSought] = useState('');
  const [chosen, setChosen] = useState<readonly Aor[]>([]);
  const [error, setError] = useState('');
  const candidates = useCandidates(party, sought);
  const size = usePlaces(party, chosen.length);

  const toggle = (aor: Aor) => {
    setChosen(chosen.includes(aor) ? chosen.filter((one) => one !== aor) : [...chosen, aor]);
  };
  const submit = () => {
    // The answers of the people come later, on the roster: what fails at once is told here.
    const asked = commands.invite(id, chosen);
    const early = new Promise<null>((resolve) => setTimeout(() => resolve(null), 400));
    void Promise.race([asked, early]).then((outcome) => {
      if (outcome === null || outcome.ok || outcome.failure.is !== 'forbidden') return onClose();
      setError(failureText(outcome.failure));
    });
  };

  return (
    <Dialog open onOpenChange={(_event, { open }) => !open && onClose()}>
      <DialogSurface className="invite">
        <DialogBody>
          <DialogTitle>Invite people</DialogTitle>
          <DialogContent>
            {(error !== '' || size.isOver) && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  {error || failureText({ is: 'forbidden', policy: 'meetingSize', limit: size.most })}
                </MessageBarBody>
              </MessageBar>
            )}
            <div className="invite__chosen">
              {chosen.map((aor) => (
                <Chosen key={aor} aor={aor} onRemove={() => toggle(aor)} />
              ))}
            </div>
            <SearchBox
              className="column__search"
              placeholder="Type a name"
              aria-label="Find people to invite"
              value={sought}
              onChange={(_event, data) => setSought(data.value)}
            />
            <ul className="invite__list" aria-label="People">
              {candidates.slice(0, mostShown).map((person) => (
                <Candidate
                  key={person.aor}
                  person={person}
                  isChosen={chosen.includes(person.aor)}
                  onToggle={() => toggle(person.aor)}
                />
              ))}
            </ul>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button appearance="primary" disabledFocusable={chosen.length === 0 || size.isOver} onClick={submit}>
              Invite
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

/** The people of the conversation are not among them. */
function useCandidates(party: Party, sought: string): { aor: Aor; name: string }[] {
  const commands = useCommands();
  const ledger = useLedger();
  const contacts = useApp((state) => state.contacts);
  const [found, setFound] = useState<readonly FoundPerson[]>([]);
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(async () => {
      const outcome = sought.trim() === '' ? null : await commands.findPeople(sought);
      if (!isStale) setFound(outcome?.ok ? outcome.value : []);
    }, searchPauseMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [commands, sought]);
  return useMemo(() => {
    const state = ledger.getState();
    const present = new Set<Aor>(
      party.is === 'pairwise' ? [party.peer] : party.conference.roster.map(({ aor }) => aor),
    );
    if (state.account !== null) present.add(state.account.aor);
    const wanted = sought.trim().toLowerCase();
    const mine = Object.values<Contact>(contacts)
      .map(({ aor }) => aor)
      .filter((aor) => `${nameOf(state, aor)} ${aor}`.toLowerCase().includes(wanted))
      .sort((a, b) => compareContacts(state, a, b))
      .map((aor) => ({ aor, name: nameOf(state, aor) }));
    const others = found
      .filter(({ aor }) => contacts[aor] === undefined)
      .map(({ aor, displayName }) => ({ aor, name: displayName }));
    return [...mine, ...others].filter(({ aor }) => !present.has(aor));
  }, [party, contacts, found, sought, ledger]);
}

/** Whether so many more still fit. */
function usePlaces(party: Party, more: number): { isOver: boolean; most: number } {
  const own = useApp((state) => state.policy.meetingSize);
  const most = party.is === 'conference' ? (party.conference.maxSize ?? 0) : own;
  const present = party.is === 'conference' ? party.conference.roster.length : 2;
  return { isOver: most > 0 && present + more > most, most };
}

function Chosen({ aor, onRemove }: { aor: Aor; onRemove(): void }) {
  const name = useApp((state) => nameOf(state, aor));
  return (
    <span className="invite__tag">
      {name}
      <button type="button" aria-label={`Do not invite ${name}`} onClick={onRemove}>
        <Dismiss12Regular />
      </button>
    </span>
  );
}

function Candidate({
  person,
  isChosen,
  onToggle,
}: {
  person: { aor: Aor; name: string };
  isChosen: boolean;
  onToggle(): void;
}) {
  const presence = useApp((state) => state.presence[person.aor]);
  return (
    <li className="invite__person">
      <Checkbox
        checked={isChosen}
        onChange={onToggle}
        label={
          <span className="invite__label">
            <Face aor={person.aor} />
            <span className="contactrow__text">
              <span className="ellipsis">{person.name}</span>
              <span className="contactrow__status ellipsis">{presenceText(presence, Date.now())}</span>
            </span>
          </span>
        }
      />
    </li>
  );
}
