import { Button, SearchBox, Tooltip } from '@fluentui/react-components';
import { PeopleAdd20Regular, PeopleCall20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { ContactList } from './ContactList';
import { DirectoryResults } from './DirectoryResults';
import { Me } from './Me';
import { NameDialog } from './NameDialog';
import './contacts.css';

type View = 'groups' | 'status';

/** Oneself, a search, and the contacts. */
export function ContactsColumn() {
  const commands = useCommands();
  const { open } = useNavigation();
  const [sought, setSought] = useState('');
  const [view, setView] = useState<View>('groups');
  const [isNaming, setIsNaming] = useState(false);
  const mayMeet = useApp((state) => state.policy.conferences);

  const meet = async () => {
    const promise = commands.meetNow();
    if (await orSay(promise)) {
      const outcome = await promise;
      if (outcome.ok) open(outcome.value);
    }
  };

  return (
    <section className="column" aria-label="Contacts">
      <h1 className="sr-only">Contacts</h1>
      <Me />
      <div className="contacts__search">
        <SearchBox
          className="column__search"
          placeholder="Find a contact"
          aria-label="Find a contact"
          value={sought}
          onChange={(_event, data) => setSought(data.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setSought('');
          }}
        />
        <Tooltip content="Create a group" relationship="label">
          <Button appearance="subtle" icon={<PeopleAdd20Regular />} onClick={() => setIsNaming(true)} />
        </Tooltip>
        {mayMeet && (
          <Tooltip content="Meet now" relationship="label">
            <Button appearance="subtle" icon={<PeopleCall20Regular />} onClick={() => void meet()} />
          </Tooltip>
        )}
      </div>
      {sought.trim() === '' ? (
        <>
          <div className="views" role="radiogroup" aria-label="Show contacts by">
            {(['groups', 'status'] as const).map((name) => (
              <label key={name} className={view === name ? 'is-on' : ''}>
                <input type="radio" name="contacts-view" checked={view === name} onChange={() => setView(name)} />
                {name === 'groups' ? 'Groups' : 'Status'}
              </label>
            ))}
          </div>
          <ContactList view={view} />
        </>
      ) : (
        <DirectoryResults sought={sought} onDone={() => setSought('')} />
      )}
      {isNaming && (
        <NameDialog
          title="Create a group"
          action="Create"
          onClose={() => setIsNaming(false)}
          onName={(name) => commands.createGroup(name)}
        />
      )}
    </section>
  );
}
