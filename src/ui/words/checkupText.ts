import type { Check, CheckState, Checkup, Detail, Link, Owner, Skipped } from '../../domain/checkup';
import { links } from '../../domain/checkup';
import { causeText } from './causeText';
import { failureText } from './failureText';
import { sizeText } from './traceText';

export const linkNames: Readonly<Record<Link, string>> = {
  discovery: 'Finding the server',
  secureConnection: 'Secure connection',
  webSocket: 'WebSocket',
  registration: 'Signing in',
  settings: 'Settings of your organization',
  subscriptions: 'Contacts and presence',
  message: 'A message to yourself',
  conference: 'A conference',
  relay: 'Relay for shared windows',
  notifications: 'Notifications',
  storage: 'Room on this device',
};

/** What is looked at, before anything was found. */
export const linkHints: Readonly<Record<Link, string>> = {
  discovery: 'From the part after the @',
  secureConnection: 'Whether the server is there, and its certificate is trusted',
  webSocket: 'Whether what is between lets SIP through',
  registration: 'Your address and password',
  settings: 'What your organization allows and offers',
  subscriptions: 'Your contacts, your own status and that of others',
  message: 'By way of the server, shown to nobody',
  conference: 'Made, entered and ended, with nobody else in it',
  relay: 'A way for pictures where two networks do not see each other (TURN)',
  notifications: 'Whether you hear of messages while Confab is out of sight',
  storage: 'Conversations are kept here',
};

/** Whose it is to do something about it. */
export const ownerNames: Readonly<Record<Owner, string>> = {
  you: 'You',
  peer: 'The other person',
  yourAdministrator: 'Your server’s administrator',
  theirAdministrator: 'The other organization’s administrator',
  network: 'Your network',
  device: 'Your browser or this device',
  program: 'Confab',
  nobody: 'Nobody',
};

export interface BrokenText {
  title: string;
  why: string;
  todo: readonly string[];
  owner: string;
}

export function brokenText({ verdict, failure }: Extract<CheckState, { is: 'broken' }>): BrokenText {
  if (verdict !== null) return { ...causeText(verdict, (address) => address), owner: ownerNames[verdict.owner] };
  const [title = '', ...rest] = failureText(failure ?? { is: 'internal' }).split(/(?<=\.) /);
  const owner = failure?.is === 'timedOut' ? ownerNames.network : ownerNames.yourAdministrator;
  return { title: title.replace(/\.$/, ''), why: rest.join(' '), todo: [], owner };
}

const methods: Readonly<Record<string, string>> = {
  lyncdiscover: 'by Lync discovery',
  hostMeta: 'by its domain’s host metadata',
  pageOrigin: 'the server of this page',
  manual: 'as you entered it',
  remembered: 'where it was last time',
};

export function detailText(detail: Detail): string {
  switch (detail.is) {
    case 'server':
      return `${detail.url}, ${methods[detail.method] ?? detail.method}`;
    case 'connection':
      return detail.isEncrypted
        ? `${detail.host}, encrypted with TLS`
        : `${detail.host}, on this computer, not encrypted`;
    case 'relays':
      return detail.urls.join(', ');
    case 'permission':
      return detail.permission === 'granted' ? 'Allowed' : 'Your browser will ask when you turn them on in Settings';
    case 'room':
      return detail.used === null || detail.quota === null
        ? 'Can be written to'
        : `${roomText(detail.used)} of ${roomText(detail.quota)} used`;
  }
}

const gigabyte = 1_000_000_000;
const roomText = (bytes: number): string =>
  bytes < gigabyte ? sizeText(bytes) : `${(bytes / gigabyte).toFixed(1)} GB`;

export function skippedText(because: Skipped): string {
  switch (because.is) {
    case 'after':
      return `Not tried: “${linkNames[because.link]}” has to work first`;
    case 'cancelled':
      return 'Not tried: you stopped it';
    case 'noAddress':
      return 'Not tried: enter your sign-in address first';
    case 'noPassword':
      return 'Not tried: enter your password first';
    case 'notOffered':
      return 'Not tried: it is not offered here';
  }
}

/** All of it in a sentence. */
export function summaryText(checkup: Checkup): string {
  const { checks, endedAt } = checkup;
  const broken = links.filter((link) => checks[link].state.is === 'broken');
  const [first] = broken;
  if (first !== undefined) {
    const more = broken.length === 1 ? '' : `, and ${broken.length - 1} more`;
    return `Broken: ${linkNames[first]}${more}`;
  }
  const running = links.find((link) => checks[link].state.is === 'running');
  if (endedAt === null) return running === undefined ? 'Beginning' : `Looking at: ${linkNames[running]}`;
  const skipped = links.filter((link) => checks[link].state.is === 'skipped').length;
  if (skipped === 0) return 'Everything works';
  return `What was tried works; ${skipped} of ${links.length} ${skipped === 1 ? 'was' : 'were'} not tried`;
}

const stateWords: Readonly<Record<CheckState['is'], string>> = {
  waiting: 'waiting',
  running: 'running',
  fine: 'fine',
  broken: 'BROKEN',
  skipped: 'not tried',
};

/** The whole as text, for a helpdesk. It names the address and the server, and holds no secret. */
export function reportText(checkup: Checkup, browser: string): string {
  const { address, server, beganAt } = checkup;
  return [
    'Confab, connection doctor',
    summaryText(checkup),
    '',
    `When: ${new Date(beganAt).toISOString()}`,
    `Address: ${address || 'none'}`,
    `Server: ${server ?? 'none'}`,
    `Browser: ${browser}`,
    '',
    ...links.flatMap((link, index) => reportLines(index + 1, link, checkup.checks[link])),
  ].join('\n');
}

function reportLines(number: number, link: Link, { state, tookMs }: Check): string[] {
  const took = tookMs === null ? '' : `, ${tookText(tookMs)}`;
  const head = `${number}. ${linkNames[link]}: ${stateWords[state.is]}${took}`;
  if (state.is === 'skipped') return [head, `   ${skippedText(state.because)}`];
  if (state.is === 'fine' && state.detail !== null) return [head, `   ${detailText(state.detail)}`];
  if (state.is !== 'broken') return [head];
  const { title, why, todo, owner } = brokenText(state);
  const { evidence } = state;
  const shown =
    evidence === null
      ? []
      : [
          [
            evidence.line,
            new Date(evidence.at).toISOString(),
            evidence.callId === '' ? '' : `Call-ID ${evidence.callId}`,
          ]
            .filter((part) => part !== '')
            .join(', '),
        ];
  const said = [`${title}.`, why, ...todo.map((step) => `- ${step}`), `Whose it is: ${owner}`, ...shown];
  return [head, ...said.filter((line) => line !== '').map((line) => `   ${line}`)];
}

export const tookText = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
