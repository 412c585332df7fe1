import { contactsEvent } from '../src/protocol/lync/contactList';
import { soapType } from '../src/protocol/lync/contactService';
import { containerMembersType } from '../src/protocol/lync/containerMembers';
import { provisioningEvent } from '../src/protocol/lync/provisioning';
import { publishType } from '../src/protocol/lync/publish';
import { selfEvent } from '../src/protocol/lync/roamingSelf';
import { subscribersType } from '../src/protocol/lync/subscribers';
import { Conferences } from './conference/conferences';
import { Focus } from './conference/focus';
import { FocusFactory } from './conference/focusFactory';
import { ImMcu } from './conference/imMcu';
import { SharingMcu } from './conference/sharingMcu';
import { Directory } from './directory';
import { FileStore } from './files/fileStore';
import { Files } from './files/files';
import { FileTickets } from './files/fileTickets';
import { FileTransfers } from './http/files';
import type { Offers } from './offers';
import { Access } from './presence/access';
import { Publishing } from './presence/publishing';
import { RoamingSelf } from './presence/self';
import { PresenceView } from './presence/view';
import { Watchers } from './presence/watchers';
import { Provisioning } from './provisioning';
import { RelayCredentials } from './relayCredentials';
import { RoamingContacts } from './roamingContacts';
import type { Role, RoleContext } from './role';
import type { Roles } from './router';
import type { Accounts } from './store/accounts';
import { ConferenceStore } from './store/conferences';
import { ContactLists } from './store/contacts';
import { Containers } from './store/containers';
import type { Database } from './store/database';
import { FileRecords } from './store/files';
import { Publications } from './store/publications';

/** Makes the roles and says what each serves. `transfers` is the way of files beside SIP, `null` where there is no file store. */
export function makeRoles(
  context: RoleContext,
  accounts: Accounts,
  database: Database,
  offers: Offers,
): { roles: Roles; conferences: Conferences; transfers: FileTransfers | null } {
  const lists = new ContactLists(database);
  const publications = new Publications(database);
  const containers = new Containers(database);
  const view = new PresenceView(accounts, publications, containers);
  const watchers = new Watchers(context, view);
  const self = new RoamingSelf(context, { accounts, publications, containers }, view);
  const publishing = new Publishing(context, publications, { self, watchers });
  const access = new Access(context, containers, { self, watchers });
  const contacts = new RoamingContacts(context, lists, (owner, contact) => {
    if (accounts.find(contact) !== undefined && contact !== owner) access.addSubscriber(contact, owner);
  });
  const conferences = new Conferences(context, accounts, offers, new ConferenceStore(database, context.now()));
  accounts.onChange(({ is, account }) => {
    if (is === 'policy' || is === 'password') return;
    if (is === 'removed') for (const kept of [publications, containers, conferences]) kept.forget(account.aor);
    if (is === 'profile') self.cardChanged(account.aor);
    watchers.changed(account.aor);
  });
  const files =
    offers.files === null
      ? null
      : new Files(context, accounts, conferences, { records: new FileRecords(database), ...offers.files });
  const tickets = new FileTickets(context);
  const roles: Roles = {
    applications: [
      ['app:conf:focusfactory', new FocusFactory(context, accounts, conferences, offers)],
      ['app:conf:focus:', new Focus(context, conferences)],
      ['app:conf:chat:', new ImMcu(context, conferences, files)],
      ...(offers.media === null
        ? []
        : [['app:conf:applicationsharing:', new SharingMcu(context, accounts, conferences, offers.media)] as const]),
      ...(files === null ? [] : [['srvr:FileStore:', new FileStore(context, files, tickets)] as const]),
      ...(offers.turn === null ? [] : [['srvr:MRAS:', new RelayCredentials(context, offers.turn)] as const]),
    ],
    events: new Map<string, Role>([
      [provisioningEvent, new Provisioning(context, accounts, offers)],
      [contactsEvent, contacts],
      [selfEvent, self],
      ['presence', watchers],
    ]),
    services: new Map<string, Role>([
      [soapType.toLowerCase(), contacts],
      [publishType, publishing],
      [containerMembersType, access],
      [subscribersType, access],
    ]),
    domainServices: new Map<string, Role>([[soapType.toLowerCase(), new Directory(context, accounts)]]),
  };
  return { roles, conferences, transfers: files === null ? null : new FileTransfers(files, tickets) };
}
