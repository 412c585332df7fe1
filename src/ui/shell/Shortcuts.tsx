import { Button, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import { Dismiss20Regular } from '@fluentui/react-icons';
import { usePreferences } from '../preferences';
import { Modal } from './Modal';
import { placeKeys } from './shortcuts';
import './shortcuts.css';

type Section = readonly [string, readonly (readonly [what: string, keys: string])[]];

const sectionsFor = (enterSends: boolean): readonly Section[] => [
  [
    'Everywhere',
    [
      ['Contacts', `Alt+${placeKeys.contacts}`],
      ['Conversations', `Alt+${placeKeys.conversations}`],
      ['Trace', `Alt+${placeKeys.trace}`],
      ['Settings', `Alt+${placeKeys.settings}`],
      ['Next or previous part of the window', 'F6 or Shift+F6'],
      ['Find a contact', 'Alt+Q'],
      ['New conversation', 'Alt+N'],
      ['Accept or ignore an invitation', 'Alt+Shift+A or Alt+Shift+X'],
      ['All shortcuts', 'Ctrl+/'],
    ],
  ],
  [
    'Conversation',
    [
      ['Send', enterSends ? 'Enter' : 'Shift+Enter'],
      ['Bold, italic, underlined', 'Ctrl+B, Ctrl+I, Ctrl+U'],
      ['Show or hide the format bar', 'Ctrl+Shift+X'],
      ['New line', enterSends ? 'Shift+Enter' : 'Enter'],
      ['In the empty field: bring back a message that did not arrive', 'Up'],
      ['Invite people', 'Alt+I'],
      ['From message to message, in the messages', 'Alt+Up or Alt+Down'],
      ['Menu of a message', 'Shift+F10'],
      ['Participants', 'Alt+R'],
      ['Share, or stop sharing', 'Ctrl+Shift+S'],
      ['What is shared in full screen', 'Alt+Shift+F'],
      ['Take control back', 'Ctrl+Alt+Space'],
      ['The bar of what is shared', 'Ctrl+Shift+Space'],
      ['Next or previous conversation', 'Alt+PageDown or Alt+PageUp'],
    ],
  ],
  [
    'Contacts',
    [
      ['Send an IM', 'Enter'],
      ['Open the contact card', 'Alt+Enter'],
      ['Open the menu', 'Shift+F10'],
      ['Remove a contact, delete a group', 'Del'],
      ['Open or close a group', 'Right or Left'],
      ['Rename a group', 'F2'],
    ],
  ],
  [
    'Trace, in the list',
    [
      ['Next or previous message', 'Down or Up'],
      ['Next or previous message of the same dialog', '] or ['],
      ['Errors only', 'E'],
      ['Find in messages', '/'],
      ['Read the message', 'Enter'],
    ],
  ],
];

/** Every key there is. */
export function Shortcuts({ onClosed }: { onClosed(): void }) {
  const { enterSends } = usePreferences();
  return (
    <Modal onClosed={onClosed}>
      {(close) => (
        <DialogBody>
          <DialogTitle
            action={<Button appearance="subtle" icon={<Dismiss20Regular />} aria-label="Close" onClick={close} />}
          >
            Keyboard shortcuts
          </DialogTitle>
          <DialogContent className="shortcuts" tabIndex={0}>
            {sectionsFor(enterSends).map(([name, keys]) => (
              <section key={name}>
                <h3>{name}</h3>
                <dl>
                  {keys.map(([what, combination]) => (
                    <div key={what}>
                      <dt>{what}</dt>
                      <dd>
                        {combination.split(' or ').map((one, index) => (
                          <span key={one}>
                            {index > 0 && ' or '}
                            <kbd>{one}</kbd>
                          </span>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </DialogContent>
        </DialogBody>
      )}
    </Modal>
  );
}
