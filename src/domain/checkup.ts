import type { Failure } from './failure';
import type { TabId } from './ids';
import type { Provenance } from './provenance';

/** What has to hold for somebody to talk, in the order in which the doctor looks at it: each stands on those before it. */
export const links = [
  'discovery',
  'secureConnection',
  'webSocket',
  'registration',
  'settings',
  'subscriptions',
  'message',
  'conference',
  'relay',
  'notifications',
  'storage',
] as const;

export type Link = (typeof links)[number];

/** Whose it is to do something about it. */
export type Owner =
  | 'you'
  | 'peer'
  | 'yourAdministrator'
  | 'theirAdministrator'
  | 'network'
  | 'device'
  | 'program'
  /** The ordinary course of things. */
  | 'nobody';

/** What the words for a cause may name. */
export interface CauseFacts {
  /** The other person's bare address; `''` where there is none. */
  peer: string;
  peerDomain: string;
  /** The host that refused, where it says so. */
  host: string;
  /** The host that it could not go on to, where it says so. */
  nextHost: string;
  /** What it is about: `settings`, `contacts`, `roster`, ... (`trace/topic.ts`). */
  topic: string;
  /** Names of SIP extensions that the other side does not have. */
  unsupported: string;
  /** What the server or the peer's program says, in its own words. */
  said: string;
  /** The error id of [MS-OCER]; `null` when none was told. */
  id: number | null;
  status: number;
  reasonPhrase: string;
  waitedSeconds: number;
  retryAfterSeconds: number | null;
  /** The URL or place that a note or a socket names. */
  url: string;
  skewMinutes: number;
}

/** Why something failed, as `trace/explain` found it, in values; `ui/words/causes` makes the words. */
export interface Verdict {
  /** One of those of `trace/explain`. */
  cause: string;
  owner: Owner;
  /** What was tried: `message`, `invite`, `signIn`, `subscribe`; `''` for anything else. */
  tried: string;
  facts: CauseFacts;
}

/** The message that shows it, for whoever looks for it in a server's log. */
export interface Evidence extends Provenance {
  /** Epoch ms. */
  at: number;
  /** `INVITE 480 Temporarily Unavailable`; what the note or the socket says. */
  line: string;
  /** `''` where it is no SIP. */
  callId: string;
}

/** What was found where nothing is wrong. */
export type Detail =
  | { is: 'server'; url: string; method: string }
  | { is: 'connection'; host: string; isEncrypted: boolean }
  | { is: 'relays'; urls: readonly string[] }
  | { is: 'permission'; permission: 'granted' | 'default' }
  /** Bytes; `null` where the browser does not tell. */
  | { is: 'room'; used: number | null; quota: number | null };

/** Why a link was not looked at. */
export type Skipped =
  | { is: 'after'; link: Link }
  | { is: 'cancelled' }
  | { is: 'noAddress' }
  | { is: 'noPassword' }
  /** The server does not offer it to this person, or this browser does not know it. */
  | { is: 'notOffered' };

/**
 *     waiting ──► running ──► fine | broken | skipped
 *        └─► skipped
 */
export type CheckState =
  | { is: 'waiting' }
  | { is: 'running' }
  | { is: 'fine'; detail: Detail | null }
  /** `verdict` is `null` where only the command says what failed. */
  | { is: 'broken'; verdict: Verdict | null; failure: Failure | null; evidence: Evidence | null }
  | { is: 'skipped'; because: Skipped };

export interface Check {
  state: CheckState;
  /** How long it ran; `null` before its end. */
  tookMs: number | null;
}

/** One walk of the doctor. */
export interface Checkup {
  /** The tab that began it does what only a tab can do. */
  tab: TabId;
  /** Epoch ms. */
  beganAt: number;
  endedAt: number | null;
  /** Bare address; `''` where none was given. */
  address: string;
  server: string | null;
  checks: Readonly<Record<Link, Check>>;
}

/** What a walk begins with. */
export interface CheckupWish {
  tab: TabId;
  /** Who would sign in; who is signed in is known. */
  signIn: { address: string; userName: string | null; password: string; server: string | null } | null;
  /** `Notification.permission` of the tab, `unknown` where the browser has no notifications. */
  notifications: 'granted' | 'denied' | 'default' | 'unknown';
}

/** What became of one URL of a relay: a way through it, or the code of `icecandidateerror` (RFC 8839; 701: not reached). */
export interface RelayTried {
  url: string;
  /** `null`: it gave us a candidate. */
  error: number | null;
}

/** What this device has room for, and whether it lets itself be written to. */
export interface Room {
  used: number | null;
  quota: number | null;
  /** Name of the exception that a write met; `null` when it was written. */
  error: string | null;
}
