import type { Component, Level } from '../../domain/logging';
import type { BodyGist } from '../../trace/bodyGist';
import type { Gist } from '../../trace/gist';
import type { Lane } from '../../trace/lanes';
import type { Row, TraceDialog } from '../../trace/row';
import type { Topic } from '../../trace/topic';
import { bodyText, type NameOf, peopleText } from './bodyText';

const titles: Readonly<Record<Topic, (name: string) => string>> = {
  registration: () => 'Registration',
  settings: () => 'Settings',
  contacts: () => 'Contacts',
  self: () => 'Own presence',
  presence: () => 'Presence',
  publishing: () => 'Publishing',
  directory: () => 'Directory',
  relay: () => 'Relay access',
  files: () => 'File store',
  factory: () => 'Making conferences',
  conference: () => 'Conference',
  roster: () => 'Conference roster',
  conferenceChat: () => 'Conference chat',
  invitation: (name) => `Invite ${name}`,
  im: (name) => `IM with ${name}`,
  sharing: (name) => `Sharing with ${name}`,
  file: (name) => `File with ${name}`,
  call: (name) => `Call with ${name}`,
  service: () => 'Service',
  other: () => 'Other',
};

/** The same in the middle of a sentence. */
const things: Readonly<Record<Topic, string>> = {
  registration: 'the sign-in',
  settings: 'the settings',
  contacts: 'the contact list',
  self: 'own presence',
  presence: 'presence',
  publishing: 'own status',
  directory: 'the directory',
  relay: 'access to a relay',
  files: 'the file store',
  factory: 'a conference',
  conference: 'the conference',
  roster: 'the roster',
  conferenceChat: 'the conference chat',
  invitation: 'the invitation',
  im: 'the conversation',
  sharing: 'sharing',
  file: 'the file',
  call: 'the call',
  service: 'a service',
  other: 'it',
};

export const componentNames: Readonly<Record<Component, string>> = {
  sip: 'SIP',
  signIn: 'Sign-in',
  media: 'Media',
  store: 'Storage',
  ui: 'This page',
};

/** As OCSLogger has them. */
export const levelNames: Readonly<Record<Level, string>> = {
  error: 'Errors only',
  warning: 'Warnings too',
  information: 'Information',
  verbose: 'All details',
};

/** A dialog as its filter is called: `IM with Alice`. */
export function dialogTitle({ topic, peer }: Pick<TraceDialog, 'topic' | 'peer'>, nameOf: NameOf): string {
  return titles[topic](nameOf(peer));
}

export const laneNames: Readonly<Record<Lane['role'], string>> = {
  client: 'Client',
  edge: 'Edge',
  proxy: 'Proxy',
  server: 'Server',
  peer: 'Peer',
};

/** What stands under a lane's name. */
export function laneDetail({ role, host }: Lane): string {
  if (role === 'client') return 'You';
  if (role === 'peer' && host === '') return 'Other person';
  if (host === '' || host.includes('@') || /^[\d.[]/.test(host)) return host || 'Your server';
  return host.split('.').slice(0, 2).join('.');
}

/** What a row is called: `INVITE`, `504 Server time-out`, `Connection`. */
export function rowTitle({ frame, entry }: Row): string {
  switch (frame.is) {
    case 'request':
      return frame.method;
    case 'response':
      return `${frame.status} ${frame.reason}`;
    case 'unreadable':
      return 'Not readable as SIP';
    case 'ping':
      return 'Keep-alive';
    case 'note':
      return noteTitles[entry.kind] ?? 'Note';
  }
}

const noteTitles: Partial<Record<Row['entry']['kind'], string>> = {
  ...componentNames,
  state: 'Connection',
};

/** What a row that is no SIP message says, in a line. */
export function noteText({ entry }: Row): string {
  const [line = ''] = entry.text.split('\n', 1);
  return entry.kind === 'state' ? `${line} ${entry.url}` : line.slice(0, 200);
}

/** What a message is for, in a few words. */
export function gistText(gist: Gist, nameOf: NameOf): string {
  switch (gist.is) {
    case 'signIn':
      return 'Sign in, or stay signed in';
    case 'signOut':
      return 'Sign out';
    case 'signedIn':
      return gist.seconds === null ? 'Signed in' : `Signed in for ${spanText(gist.seconds)}`;
    case 'challenge':
      return 'Asks who you are';
    case 'subscribe':
      return gist.ends ? `Follow ${things[gist.topic]} no more` : followText(gist.topic, gist.body, nameOf);
    case 'subscribed':
      return bodyText(gist.body, nameOf) ?? `Follows ${things[gist.topic]}`;
    case 'notice':
      if (gist.ended) return `No more news of ${things[gist.topic]}`;
      return bodyText(gist.body, nameOf) ?? `News of ${things[gist.topic]}`;
    case 'invite':
      return inviteText(gist.topic, nameOf(gist.peer), gist.withText);
    case 'message':
      if (gist.typing !== null) return gist.typing ? 'Typing' : 'Not typing';
      return `${nameOf(gist.peer)}, ${gist.characters} ${gist.characters === 1 ? 'character' : 'characters'}`;
    case 'command':
      return bodyText(gist.body, nameOf) ?? `About ${things[gist.topic]}`;
    case 'progress':
      return progressText(gist.status, gist.topic, nameOf(gist.peer));
    case 'done':
      return bodyText(gist.body, nameOf) ?? doneText(gist.method, gist.topic, nameOf(gist.peer));
    case 'bye':
      return `End ${things[gist.topic]}`;
    case 'cancel':
      return `Take back ${things[gist.topic]}`;
    case 'ack':
      return 'Confirmed';
    case 'refused':
      return gist.request === null ? 'Refused' : `${gistText(gist.request, nameOf)}: refused`;
    case 'other':
      return '';
  }
}

function inviteText(topic: Topic, name: string, withText: boolean): string {
  if (topic === 'conference') return 'Join the conference';
  if (topic === 'conferenceChat') return 'Join the chat';
  if (topic === 'im') return withText ? `IM with ${name}, with the first message` : `IM with ${name}`;
  return titles[topic](name);
}

function followText(topic: Topic, body: BodyGist, nameOf: NameOf): string {
  if (body.is === 'watch' && body.people.length > 0) return `Follow ${peopleText(body.people, nameOf)}`;
  return `Follow ${things[topic]}`;
}

function progressText(status: number, topic: Topic, name: string): string {
  if (status === 100) return 'On its way';
  if (status === 180) return topic === 'im' || topic === 'invitation' ? `${name} is asked` : 'Rings';
  return 'Goes on';
}

function doneText(method: string, topic: Topic, name: string): string {
  if (method === 'MESSAGE') return topic === 'im' ? `${name} received it` : 'Received';
  if (method === 'INVITE') return topic === 'im' || topic === 'invitation' ? `${name} accepted` : 'Joined';
  return 'Done';
}

/** `10 min`, `2 h`, `45 s`. */
export function spanText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** `12 ms`, `4.28 s`, `3 min`: between two messages. */
export function delayText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 90_000 ? `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 0)} s` : spanText(Math.round(ms / 1_000));
}

/** `1 message`, `100,000 messages`. */
export const messagesText = (count: number): string =>
  `${count.toLocaleString('en')} ${count === 1 ? 'message' : 'messages'}`;

/** `182 KB`, `4.1 MB`. */
export function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
