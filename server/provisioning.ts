import {
  formatProvisioning,
  type ProvisionGroup,
  parseProvisioningRequest,
  provisioningEvent,
  provisioningType,
} from '../src/protocol/lync/provisioning';
import { type Aor, aorOf } from '../src/protocol/sip/uri';
import { fileStoreUriOf } from './files/fileStore';
import type { Offers } from './offers';
import { PersonSubscriptions } from './personSubscriptions';
import { refuse } from './refuse';
import { mrasUriOf } from './relayCredentials';
import type { Reply, Role, RoleContext, RoleRequest } from './role';
import type { Account, Accounts } from './store/accounts';
import type { EventDocument } from './subscriptions';

const eventPackage = { event: provisioningEvent, maxSeconds: 28_800 };
export const largestMeeting = 250;

/** Server configuration and policy for the person who asks ([MS-SIPREGE], `lync-wire` 2); a change of policy is told at once. */
export class Provisioning implements Role {
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #offers: Offers;
  /** With the names of the groups asked for. */
  readonly #subscriptions: PersonSubscriptions<ReadonlySet<string>>;

  constructor(context: RoleContext, accounts: Accounts, offers: Offers) {
    this.#offers = offers;
    this.#context = context;
    this.#accounts = accounts;
    this.#subscriptions = new PersonSubscriptions(context, eventPackage);
    accounts.onChange(({ is, account }) => {
      if (is === 'policy') this.#subscriptions.tell(account.aor, (names) => this.#document(account.aor, names));
    });
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (aorOf(request.uri) !== aor)
      return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'Provisioning is for oneself only');
    const names = new Set(parseProvisioningRequest(request.body));
    this.#subscriptions.accept(request, reply, names, () => this.#document(aor, names));
  }

  /** Only the groups asked for; of a name that we do not know there is none. */
  #document(aor: Aor, names: ReadonlySet<string>): EventDocument | null {
    const account = this.#accounts.find(aor);
    if (account === undefined) return null;
    const groups = this.#groups(account).filter(({ name }) => names.has(name));
    return { contentType: provisioningType, body: formatProvisioning(groups) };
  }

  #groups(account: Account): ProvisionGroup[] {
    const { aor, policy } = account;
    const { domain, serverUri } = this.#context;
    const host = serverUri.split(':')[0];
    return [
      {
        name: 'ServerConfiguration',
        settings: new Map([
          ['poolUri', `sip:${host}@${domain};gruu;opaque=srvr:HomeServer:hs1`],
          // PRV-2: without a focus factory no client offers conferences.
          ...(policy.conferences ? [['focusFactoryUri', `${aor};gruu;opaque=app:conf:focusfactory`] as const] : []),
          // PRV-4: a client asks for credentials as soon as it reads this.
          ...(this.#offers.turn === null ? [] : [['mrasUri', mrasUriOf(this.#context)] as const]),
          ...this.#fileStore(account),
          // Ours: what a client keeps of its trace.
          ...(this.#offers.traceMost === null ? [] : [['confabTraceMost', String(this.#offers.traceMost)] as const]),
          ['ucPC2PCAVEncryption', 'SupportEncryption'],
          // Ours: `POST /account/password` of `http/password.ts` is there.
          ['confabChangePassword', 'true'],
        ]),
      },
      {
        name: 'meetingPolicy',
        settings: new Map([
          ['meetingSize', String(policy.meetingSize ?? largestMeeting)],
          ['allowAnonymousParticipants', 'false'],
          ['allowIPAudio', 'false'],
          ['allowIPVideo', 'false'],
          ['enableDataCollaboration', 'false'],
          ['enableAppDesktopSharing', String(policy.sharing !== 'no')],
          ['allowedAppDesktopSharingLevel', policy.sharing === 'no' ? 'None' : 'Desktop'],
          ['allowParticipantControl', String(policy.sharing !== 'no')],
          ...(this.#offers.media === null
            ? []
            : [['appSharingBitRate', String(Math.round(this.#offers.media.maxBitrate / 1000))] as const]),
          ['enableP2PFileTransfer', String(policy.files)],
        ]),
      },
      {
        name: 'ucPolicy',
        settings: new Map([
          ['allowSimultaneousRinging', 'false'],
          ['enableCallTransfer', 'false'],
        ]),
      },
      {
        name: 'endpointConfiguration',
        settings: new Map([
          ['absUsage', 'WebSearchOnly'],
          ['showRecentContacts', 'true'],
        ]),
      },
      {
        name: 'presencePolicyV2',
        properties: true,
        settings: new Map([
          ['EnablePrivacyMode', 'False'],
          ['AutoInitiateContacts', 'True'],
          ['PersonalNoteHistoryDepth', '1'],
        ]),
      },
      { name: 'userSetting', settings: new Map([['disableFileTransfer', String(!policy.files)]]) },
    ];
  }

  /** Ours (`src/dialect/SPEC.md` 8): where the file store is, and what it takes. */
  #fileStore({ policy }: Account): [string, string][] {
    const { files } = this.#offers;
    if (files === null || !policy.files) return [];
    const largest = Math.min(files.limits.size, policy.fileSize ?? Number.POSITIVE_INFINITY);
    return [
      ['confabFileStoreUri', fileStoreUriOf(this.#context)],
      ['confabFileMaxSize', String(largest)],
      ['confabFileBlocked', files.limits.blocked.join(' ')],
    ];
  }
}
