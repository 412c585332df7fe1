import { Tooltip } from '@fluentui/react-components';
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
import { useApp } from '../useApp';
import { Mark } from './Mark';
import { type Place, useNavigation } from './navigation';

const items: readonly { place: Place; name: string; keys: string; icon: ReactElement; selectedIcon: ReactElement }[] = [
  { place: 'contacts', name: 'Contacts', keys: 'Alt+1', icon: <People24Regular />, selectedIcon: <People24Filled /> },
  {
    place: 'conversations',
    name: 'Conversations',
    keys: 'Alt+2',
    icon: <Chat24Regular />,
    selectedIcon: <Chat24Filled />,
  },
  { place: 'trace', name: 'Trace', keys: 'Alt+3', icon: <Pulse24Regular />, selectedIcon: <Pulse24Filled /> },
  {
    place: 'settings',
    name: 'Settings',
    keys: 'Alt+4',
    icon: <Settings24Regular />,
    selectedIcon: <Settings24Filled />,
  },
];

export function Rail() {
  const { place, go, open } = useNavigation();
  return (
    <nav className="rail" aria-label="Main">
      <Mark size={32} />
      {items.map((item) => (
        <Tooltip
          key={item.place}
          content={`${item.name} (${item.keys})`}
          relationship="description"
          positioning="after"
        >
          <button
            type="button"
            className={`rail__item${item.place === 'settings' ? ' rail__item--last' : ''}`}
            aria-current={place === item.place ? 'page' : undefined}
            onClick={() => {
              // On a narrow screen the conversation covers the lists: pressing the rail goes back to them.
              if (matchMedia('(max-width: 899px)').matches) open(null);
              go(item.place);
            }}
          >
            <span className="rail__icon" aria-hidden="true">
              {place === item.place ? item.selectedIcon : item.icon}
            </span>
            <span>{item.name}</span>
            {item.place === 'conversations' && <UnreadCount />}
          </button>
        </Tooltip>
      ))}
    </nav>
  );
}

/** Apart, since it changes with every message. */
function UnreadCount() {
  const unread = useApp(unreadTotal);
  if (unread === 0) return null;
  return (
    <span className="count rail__count">
      {unread > 99 ? '99+' : unread}
      <span className="sr-only"> unread</span>
    </span>
  );
}
