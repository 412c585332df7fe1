import {
  Chat24Filled,
  Chat24Regular,
  People24Filled,
  People24Regular,
  Pulse24Filled,
  Pulse24Regular,
  Settings24Filled,
  Settings24Regular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { unreadTotal } from '../../state/selectors';
import { StatusMenu } from '../contacts/StatusMenu';
import { Face } from '../people/Face';
import { stagedOf } from '../sharing/staged';
import { useApp, useIsRecording } from '../useApp';
import { useOwnStatusText } from '../words/usePresenceText';
import { Mark } from './Mark';
import { type RailPlace, useNavigation } from './navigation';
import { placeKeys } from './shortcuts';
import { isNarrow } from './useMedia';

interface Item {
  place: RailPlace;
  name: string;
  icon: ReactElement;
  selectedIcon: ReactElement;
}

const items: readonly Item[] = [
  { place: 'contacts', name: 'Contacts', icon: <People24Regular />, selectedIcon: <People24Filled /> },
  { place: 'conversations', name: 'Conversations', icon: <Chat24Regular />, selectedIcon: <Chat24Filled /> },
  { place: 'trace', name: 'Trace', icon: <Pulse24Regular />, selectedIcon: <Pulse24Filled /> },
];
const settings: Item = {
  place: 'settings',
  name: 'Settings',
  icon: <Settings24Regular />,
  selectedIcon: <Settings24Filled />,
};

export function Rail() {
  const { place, selected } = useNavigation();
  // What is shared takes the room of the contacts, and of oneself over them.
  const isStaged = useApp(({ sharing }) => selected !== null && stagedOf(sharing[selected]) !== null);
  const isRecording = useIsRecording();
  return (
    <nav className="rail" aria-label="Main" data-region>
      <Mark size={32} />
      {items.map((item) => (isRecording && item.place === 'trace' ? null : <RailItem key={item.place} {...item} />))}
      <span className="rail__space" />
      {(place !== 'contacts' || isStaged) && <OwnFace />}
      {!isRecording && <RailItem {...settings} />}
    </nav>
  );
}

function RailItem({ place, name, icon, selectedIcon }: Item) {
  const { place: here, go, open } = useNavigation();
  return (
    <button
      type="button"
      className="rail__item"
      aria-current={here === place ? 'page' : undefined}
      aria-keyshortcuts={`Alt+${placeKeys[place]}`}
      onClick={() => {
        // On a narrow screen the conversation covers the lists: pressing the rail goes back to them.
        if (matchMedia(isNarrow).matches) open(null);
        go(place);
      }}
    >
      <span className="rail__icon" aria-hidden="true">
        {here === place ? selectedIcon : icon}
      </span>
      <span>{name}</span>
      {place === 'conversations' && <UnreadCount />}
      {place === 'trace' && here !== 'trace' && <TraceNews />}
    </button>
  );
}

/** One's own status, where the contacts do not show it. */
function OwnFace() {
  const aor = useApp((state) => state.account?.aor);
  const status = useOwnStatusText();
  if (aor === undefined) return null;
  return (
    <StatusMenu>
      <button type="button" className="rail__me" aria-label={`Your status: ${status}`}>
        <Face aor={aor} />
      </button>
    </StatusMenu>
  );
}

/** Something failed, and nobody has looked at why. */
function TraceNews() {
  const hasNews = useApp((state) => state.logging.hasNews);
  if (!hasNews) return null;
  return (
    <span className="rail__dot">
      <span className="sr-only"> (something failed)</span>
    </span>
  );
}

/** Apart, since it changes with every message. */
function UnreadCount() {
  const unread = useApp(unreadTotal);
  if (unread === 0) return null;
  return (
    <span className="count count--small rail__count">
      {unread > 99 ? '99+' : unread}
      <span className="sr-only"> unread</span>
    </span>
  );
}
