import type { Outcome } from '../../domain/failure';
import type { Capabilities, Policy } from '../../domain/policy';
import {
  formatProvisioningRequest,
  parseProvisioning,
  provisioningEvent,
  provisioningType,
} from '../../protocol/lync/provisioning';
import { parseNatural } from '../../protocol/natural';
import type { Part } from '../../protocol/sip/multipart';
import type { SipResponse } from '../../sip/sipMessages';
import type { LyncContext, Subscribed } from './context';

const groups = ['ServerConfiguration', 'meetingPolicy', 'ucPolicy', 'userSetting'];

/** What the server said of itself and of what this person may do. */
export interface Provisioned {
  /** PRV-2: without it there is no conferencing. */
  focusFactory: string | null;
  /** PRV-4: where credentials for a relay are asked for; `null` where there is no relay. */
  mras: string | null;
  /** FIL-1: where tickets for the file store are asked for; `null` where there is none. */
  fileStore: string | null;
  policy: Policy;
  /** Ours: this home server changes passwords over HTTP. */
  changesPasswords: boolean;
}

export const nothingProvisioned: Provisioned = {
  focusFactory: null,
  mras: null,
  fileStore: null,
  policy: {
    conferences: false,
    meetingSize: 0,
    fileTransfer: false,
    fileSize: null,
    blockedEndings: [],
    mostLogged: null,
    sharing: false,
  },
  changesPasswords: false,
};

/** In-band provisioning (`lync-wire` 2), as a kept subscription: a policy that changes is obeyed at once. */
export class Provisioning {
  readonly #subscription: Subscribed;
  readonly #onChange: (provisioned: Provisioned) => void;

  constructor(context: LyncContext, onChange: (provisioned: Provisioned) => void) {
    this.#onChange = onChange;
    this.#subscription = context.ua.subscription({
      target: context.aor,
      event: provisioningEvent,
      accept: [provisioningType],
      body: () => ({ contentType: provisioningType, body: formatProvisioningRequest(groups) }),
      onDocument: (parts) => this.#take(parts),
    });
  }

  /** Subscribes in a new dialog. PRV-5: refused, we go on with nothing provisioned. */
  async start(): Promise<Outcome<SipResponse>> {
    const outcome = await this.#subscription.start();
    if (!outcome.ok) this.#onChange(nothingProvisioned);
    return outcome;
  }

  stop(): Promise<void> {
    return this.#subscription.stop();
  }

  #take(parts: readonly Part[]): void {
    for (const part of parts) this.#onChange(provisionedBy(parseProvisioning(part.body)));
  }
}

/** 2.2: what is not forbidden is allowed, but for conferences, which need a factory. */
function provisionedBy(told: ReadonlyMap<string, ReadonlyMap<string, string>>): Provisioned {
  const setting = (group: string, name: string): string | undefined => told.get(group)?.get(name)?.trim();
  const isFalse = (group: string, name: string): boolean => setting(group, name)?.toLowerCase() === 'false';
  const focusFactory = setting('ServerConfiguration', 'focusFactoryUri') || null;
  const size = Number.parseInt(setting('meetingPolicy', 'meetingSize') ?? '', 10);
  const isTransferOff = setting('userSetting', 'disableFileTransfer')?.toLowerCase() === 'true';
  const sharingLevel = setting('meetingPolicy', 'allowedAppDesktopSharingLevel')?.toLowerCase();
  return {
    focusFactory,
    mras: setting('ServerConfiguration', 'mrasUri') || null,
    fileStore: setting('ServerConfiguration', 'confabFileStoreUri') || null,
    policy: {
      conferences: focusFactory !== null,
      meetingSize: Number.isFinite(size) && size > 0 ? size : 0,
      fileTransfer: !isTransferOff && !isFalse('meetingPolicy', 'enableP2PFileTransfer'),
      fileSize: parseNatural(setting('ServerConfiguration', 'confabFileMaxSize'), Number.MAX_SAFE_INTEGER),
      blockedEndings: endingsIn(setting('ServerConfiguration', 'confabFileBlocked') ?? ''),
      mostLogged: limitOf(setting('ServerConfiguration', 'confabTraceMost')),
      sharing: sharingLevel !== 'none' && !isFalse('meetingPolicy', 'enableAppDesktopSharing'),
    },
    changesPasswords: setting('ServerConfiguration', 'confabChangePassword')?.toLowerCase() === 'true',
  };
}

function limitOf(text: string | undefined): number | null {
  return text === undefined ? null : parseNatural(text, Number.MAX_SAFE_INTEGER);
}

/** `.exe .bat`, in any case; of what is no ending nothing is kept. */
function endingsIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((ending) => ending.startsWith('.'));
}

/** What this server can do; `allowedEvents` are of the registration's `Allow-Events`. */
export function capabilitiesOf(
  { policy, changesPasswords, fileStore }: Provisioned,
  allowedEvents: readonly string[],
): Capabilities {
  return {
    contactGroups: allowedEvents.includes('vnd-microsoft-roaming-contacts'),
    directory: true,
    conferences: policy.conferences,
    notes: allowedEvents.includes('vnd-microsoft-roaming-self'),
    changePassword: changesPasswords,
    sharing: policy.sharing,
    fileStore: fileStore !== null,
  };
}
