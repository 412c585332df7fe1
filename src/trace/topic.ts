import type { TraceEntry } from './entry';
import { conferenceOf, type Frame, serviceOf } from './frame';

/** What a dialog, or a request outside any, is about. */
export type Topic =
  | 'registration'
  | 'settings'
  | 'contacts'
  | 'self'
  | 'presence'
  | 'publishing'
  | 'directory'
  | 'relay'
  | 'files'
  | 'factory'
  | 'conference'
  | 'roster'
  | 'conferenceChat'
  | 'invitation'
  | 'im'
  | 'sharing'
  | 'file'
  | 'call'
  | 'service'
  | 'other';

const topicsOfEvents: Readonly<Record<string, Topic>> = {
  registration: 'registration',
  'registration-notify': 'registration',
  'vnd-microsoft-provisioning': 'settings',
  'vnd-microsoft-provisioning-v2': 'settings',
  'vnd-microsoft-roaming-contacts': 'contacts',
  'vnd-microsoft-roaming-self': 'self',
  'vnd-microsoft-roaming-acl': 'self',
  presence: 'presence',
  'presence.wpending': 'self',
  conference: 'roster',
};

const topicsOfServices: Readonly<Record<string, Topic>> = {
  'conf:focus': 'conference',
  'conf:focusfactory': 'factory',
  'conf:chat': 'conferenceChat',
  'conf:applicationsharing': 'sharing',
  'conf:audio-video': 'call',
  'srvr:mras': 'relay',
  'srvr:filestore': 'files',
};

const topicsOfContent: Readonly<Record<string, Topic>> = {
  'application/msrtc-category-publish+xml': 'publishing',
  'application/msrtc-setcontainermembers+xml': 'publishing',
  'application/msrtc-presence-setsubscriber+xml': 'self',
  'application/cccp+xml': 'conference',
  'application/msrtc-media-relay-auth+xml': 'relay',
};

/** The topic of a request, or of what is left of a dialog whose beginning is not in the trace. */
export function topicOf(frame: Frame, { text }: Pick<TraceEntry, 'text'>): Topic {
  const byEvent = topicsOfEvents[frame.event];
  if (frame.method === 'REGISTER') return 'registration';
  if (byEvent !== undefined) return byEvent;
  const byService = topicsOfServices[serviceOf(frame.uri).toLowerCase()];
  if (byService !== undefined) return byService;
  if (frame.method === 'SERVICE') return topicOfService(frame, text);
  if (frame.method === 'INVITE') return topicOfInvite(frame, text);
  if (conferenceOf(headOf(text)) !== '') return 'conference';
  return frame.method === 'MESSAGE' || frame.method === 'INFO' ? 'im' : 'other';
}

const headOf = (text: string): string => text.slice(0, text.indexOf('\r\n\r\n'));

function topicOfService(frame: Frame, text: string): Topic {
  if (frame.contentType === 'application/soap+xml') return /directorySearch/.test(text) ? 'directory' : 'contacts';
  return topicsOfContent[frame.contentType] ?? 'service';
}

function topicOfInvite(frame: Frame, text: string): Topic {
  if (frame.contentType === 'application/ms-conf-invite+xml') return 'invitation';
  if (/^a=file-selector:/m.test(text)) return 'file';
  if (/^m=applicationsharing/m.test(text)) return 'sharing';
  if (/^m=(?:message|x-ms-message) /m.test(text)) return 'im';
  // Browsers share a window as video; a call has sound.
  if (/^m=audio /m.test(text)) return 'call';
  return /^m=(?:video|application) /m.test(text) ? 'sharing' : 'other';
}

const withPeople: ReadonlySet<Topic> = new Set<Topic>(['im', 'invitation', 'call', 'sharing', 'file', 'other']);

/** Whether the other end is a person's endpoint, and not a service of the server. */
export function isWithPerson(topic: Topic, uri: string): boolean {
  return withPeople.has(topic) && serviceOf(uri) === '';
}
