import type { Note } from '../notes';
import { about, not, rule, status, type Test, told, weAsked } from './rule';

/** The way for media: relays, candidates, capture ([MS-AVEDGEA], RFC 8445; `lync-wire` 7, 8). */

type NoteOf<Kind extends Note['is']> = Extract<Note, { is: Kind }>;

const noted =
  <Kind extends Note['is']>(kind: Kind, test: (note: NoteOf<Kind>) => boolean = () => true): Test =>
  ({ note }) =>
    note !== null && note.is === kind && test(note as NoteOf<Kind>);

const failedPath = (test: (note: NoteOf<'mediaPath'>) => boolean): Test =>
  noted('mediaPath', (note) => (note.state === 'failed' || note.state === 'disconnected') && test(note));

/** A relay error was noted at that time. */
const relayFailed =
  (...codes: readonly number[]): Test =>
  ({ around }) =>
    around.notes.some((note) => note.is === 'relayError' && codes.includes(note.code));

const overUdp = /^(?:stuns?|turns?):(?!.*transport=tcp)/i;
/** The relays over UDP were not reached, those over TCP were: something in between lets no UDP through. */
const udpIsBlocked: Test = ({ around }) => {
  const errors = around.notes.filter((note) => note.is === 'relayError' && note.code === 701);
  return errors.length > 0 && errors.every((note) => note.is === 'relayError' && overUdp.test(note.url));
};

export const mediaRules = [
  rule('captureRefused', 'you', noted('captureRefused')),
  rule(
    'relayCredentialsRefused',
    'yourAdministrator',
    noted('relayError', ({ code }) => code === 401 || code === 403),
  ),
  rule(
    'relayFull',
    'yourAdministrator',
    noted('relayError', ({ code }) => code === 486 || code === 508),
  ),
  rule('udpBlocked', 'network', noted('relayError'), udpIsBlocked),
  rule('relayUnreachable', 'yourAdministrator', noted('relayError')),
  rule(
    'udpBlocked',
    'network',
    failedPath(({ gathered }) => gathered.includes('relay')),
    udpIsBlocked,
  ),
  rule(
    'relayCredentialsRefused',
    'yourAdministrator',
    failedPath(() => true),
    relayFailed(401, 403),
  ),
  rule(
    'relayUnreachable',
    'yourAdministrator',
    failedPath(({ relays }) => relays > 0),
    relayFailed(701),
  ),
  rule(
    'relayUnreachable',
    'yourAdministrator',
    failedPath(({ relays, gathered }) => relays > 0 && !gathered.includes('relay')),
  ),
  rule(
    'noRelay',
    'yourAdministrator',
    failedPath(({ relays, theirs }) => relays === 0 && !theirs.includes('relay')),
  ),
  rule(
    'mediaLost',
    'network',
    noted('mediaPath', ({ state }) => state === 'disconnected'),
  ),
  rule(
    'noMediaPath',
    'network',
    failedPath(() => true),
  ),
  rule('noMediaPath', 'network', told(22, 23)),
  rule('mediaLost', 'network', told(52031)),
  rule('peerMediaFailed', 'peer', told(51007)),
  rule(
    'mediaDescriptionRefused',
    'program',
    about('sharing', 'call', 'file'),
    weAsked,
    status(488, 606),
    not(told(52017, 52063, 7008, 4)),
  ),
  rule(
    'relayServiceFailed',
    'yourAdministrator',
    about('relay'),
    ({ status: code, body }) => code >= 300 || (body.is === 'relays' && body.outcome !== 'OK'),
  ),
] as const;
