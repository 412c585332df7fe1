import { Popover, PopoverSurface } from '@fluentui/react-components';
import {
  Building20Regular,
  Call20Regular,
  Chat20Regular,
  Location20Regular,
  Mail20Regular,
  People20Regular,
  PeopleTeam20Regular,
} from '@fluentui/react-icons';
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react';
import { type Aor, bareAddress } from '../../protocol/sip/uri';
import { nameOf, statusOf } from '../../state/selectors';
import { AddToContacts } from '../contacts/AddToContacts';
import { groupName } from '../contacts/rows';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { listed } from '../words/lineText';
import { useOwnStatusText, usePresenceText } from '../words/usePresenceText';
import { Face, PresenceDot } from './Face';
import './card.css';

const leaveMs = 300;

interface ContactCardProps {
  person: Aor;
  anchor: HTMLElement;
  /** Came by a resting pointer: it goes when the pointer does, and leaves the focus where it is. */
  isResting: boolean;
  onClose(): void;
}

/** Who somebody is, and what one can do with them. */
export function ContactCard({ person, anchor, isResting, onClose }: ContactCardProps) {
  const commands = useCommands();
  const surface = useRef<HTMLDivElement>(null);
  useEffect(() => void commands.watch([person]), [commands, person]);
  useEffect(() => {
    if (!isResting) surface.current?.querySelector<HTMLElement>('button, a[href], [tabindex="0"]')?.focus();
  }, [isResting]);
  useEffect(() => {
    if (!isResting) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = ({ target }: PointerEvent) => {
      clearTimeout(timer);
      const isOver = target instanceof Node && (anchor.contains(target) || surface.current?.contains(target));
      if (!isOver) timer = setTimeout(onClose, leaveMs);
    };
    addEventListener('pointermove', follow, { passive: true });
    return () => {
      removeEventListener('pointermove', follow);
      clearTimeout(timer);
    };
  }, [anchor, isResting, onClose]);
  const close = () => {
    const hadFocus = surface.current?.contains(document.activeElement) === true;
    onClose();
    if (hadFocus && anchor.isConnected) anchor.focus();
  };
  return (
    <Popover
      open
      unstable_disableAutoFocus
      onOpenChange={(_event, { open }) => !open && close()}
      positioning={{ target: anchor, position: 'after', align: 'top', offset: { mainAxis: 8, crossAxis: -8 } }}
    >
      <PopoverSurface className="card" ref={surface} role="dialog" aria-label="Contact card" tabIndex={-1}>
        <Head person={person} />
        <Actions person={person} onDone={onClose} />
        <Details person={person} />
      </PopoverSurface>
    </Popover>
  );
}

function Head({ person }: { person: Aor }) {
  const name = useApp((state) => nameOf(state, person));
  const card = useApp((state) => state.cards[person]);
  const isMe = useApp((state) => state.account?.aor === person);
  const status = useApp((state) => statusOf(state, person));
  const theirs = usePresenceText(useApp((state) => state.presence[person]));
  const own = useOwnStatusText();
  const note = useApp((state) => (state.account?.aor === person ? state.self.note : state.notes[person]));
  return (
    <>
      <div className="card__head">
        <Face aor={person} size={72} presence={false} />
        <div className="card__who">
          <h2 className="card__name">{name}</h2>
          <p className="card__title">{[card?.title, card?.company].filter(Boolean).join(', ')}</p>
          <p className="card__status">
            <PresenceDot status={status} inline /> {isMe ? own : theirs}
          </p>
        </div>
      </div>
      {note !== undefined && note !== '' && (
        <p className="card__note" dir="auto">
          {note}
        </p>
      )}
    </>
  );
}

function Actions({ person, onDone }: { person: Aor; onDone(): void }) {
  const { talkTo, meet, go } = useNavigation();
  const isMe = useApp((state) => state.account?.aor === person);
  const mayMeet = useApp((state) => state.policy.conferences);
  const email = useApp((state) => state.cards[person]?.email);
  const isContact = useApp((state) => state.contacts[person] !== undefined);
  if (isMe) return null;
  const run = async (outcome: ReturnType<typeof talkTo>) => {
    onDone();
    if (await orSay(outcome)) go('conversations');
  };
  return (
    <div className="card__actions">
      <Action name="IM" icon={<Chat20Regular />} onClick={() => void run(talkTo(person))} />
      {mayMeet && <Action name="Meet" icon={<PeopleTeam20Regular />} onClick={() => void run(meet([person]))} />}
      {email !== undefined && email !== '' && (
        <a className="cardaction" href={`mailto:${encodeURIComponent(email)}`}>
          <span aria-hidden="true">
            <Mail20Regular />
          </span>
          Email
        </a>
      )}
      {!isContact && <AddToContacts aor={person} looksLike="action" />}
    </div>
  );
}

function Action({ name, icon, onClick }: { name: string; icon: ReactElement; onClick(): void }) {
  return (
    <button type="button" className="cardaction" onClick={onClick}>
      <span aria-hidden="true">{icon}</span>
      {name}
    </button>
  );
}

function Details({ person }: { person: Aor }) {
  const card = useApp((state) => state.cards[person]);
  const groups = useApp((state) => {
    const memberOf = state.contacts[person]?.groups ?? [];
    return listed(
      state.groups.filter(({ id }) => memberOf.includes(id)).map((group) => groupName(group, state.groups)),
    );
  });
  return (
    <dl className="card__details">
      <Detail name="Department" icon={<Building20Regular />}>
        {card?.department}
      </Detail>
      <Detail name="Office" icon={<Location20Regular />}>
        {card?.office}
      </Detail>
      <Detail name="IM address" icon={<Chat20Regular />}>
        {bareAddress(person)}
      </Detail>
      <Detail name="Email" icon={<Mail20Regular />}>
        {card?.email}
      </Detail>
      <Detail name="Work phone" icon={<Call20Regular />}>
        {card?.workPhone}
      </Detail>
      <Detail name="In your groups" icon={<People20Regular />}>
        {groups}
      </Detail>
    </dl>
  );
}

function Detail({ name, icon, children }: { name: string; icon: ReactElement; children: ReactNode }) {
  if (children === undefined || children === '') return null;
  return (
    <div className="carddetail">
      <span aria-hidden="true">{icon}</span>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
