import type { Aor } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { orSay, say } from '../shell/Notices';
import { useCommands, useLedger } from '../useApp';

/** Takes a person off the contact list, with a way back into all of their groups. */
export function useRemoveContact(): (person: Aor) => Promise<void> {
  const commands = useCommands();
  const ledger = useLedger();
  return async (person) => {
    const state = ledger.getState();
    const groups = state.contacts[person]?.groups ?? [];
    const name = nameOf(state, person);
    if (!(await orSay(commands.removeContact(person)))) return;
    say(`${name} is no longer one of your contacts.`, async () => {
      for (const group of groups) if (!(await orSay(commands.addContact(person, group)))) return;
    });
  };
}
