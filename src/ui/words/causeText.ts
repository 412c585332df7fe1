import type { Owner, Verdict } from '../../domain/checkup';
import type { Cause } from '../../trace/explain/explain';
import { connectionWords } from './causes/connectionWords';
import { deviceWords } from './causes/deviceWords';
import { fileWords } from './causes/fileWords';
import { peopleWords } from './causes/peopleWords';
import type { Named, Said, Sentence } from './causes/said';
import { serverWords } from './causes/serverWords';

const sentences: Readonly<Record<Cause, Sentence>> = {
  ...connectionWords,
  ...peopleWords,
  ...serverWords,
  ...deviceWords,
  ...fileWords,
};

export interface CauseText extends Said {
  /** Whose it is, as a whole sentence. */
  owner: string;
}

/** A verdict in words. `nameOf` gives what a person is called here, first name where there is one. */
export function causeText(verdict: Verdict, nameOf: (address: string) => string): CauseText {
  const { cause, owner } = verdict;
  // An engine of another version may know more causes.
  const sentence = Object.hasOwn(sentences, cause) ? sentences[cause as Cause] : sentences.otherRefusal;
  return { ...sentence(namedIn(verdict, nameOf)), owner: owners[owner] };
}

const owners: Readonly<Record<Owner, string>> = {
  you: 'You can do something about it.',
  peer: 'It is up to the other person.',
  yourAdministrator: 'It is for your administrator.',
  theirAdministrator: 'It is for the other organization’s administrator.',
  network: 'It is the network.',
  device: 'It is this device.',
  program: 'It is this program, or the other one.',
  nobody: 'Nothing is wrong; it is the ordinary course of things.',
};

const nobody = 'the other person';

const documents: Readonly<Record<string, string>> = {
  settings: 'The settings of your organization',
  contacts: 'The contact list',
  self: 'Your own status',
  presence: 'The status of others',
  roster: 'The list of participants',
};

function namedIn({ facts, tried }: Verdict, nameOf: (address: string) => string): Named {
  const who = facts.peer.includes('@') ? nameOf(facts.peer) : nobody;
  const host = facts.host === '' ? 'the server' : facts.host;
  return {
    who,
    Who: who.includes('@') ? who : capital(who),
    domain: facts.peerDomain,
    host,
    Host: facts.host === '' ? capital(host) : host,
    nextHost: facts.nextHost === '' ? 'the next server' : facts.nextHost,
    Document: documents[facts.topic] ?? 'A document of the server',
    unsupported: facts.unsupported,
    server: hostOf(facts.url),
    What: whatOf(tried),
    said: facts.said === '' ? '' : ` It says: “${facts.said}”.`,
    waitedSeconds: facts.waitedSeconds,
    retryAfterSeconds: facts.retryAfterSeconds,
    skewMinutes: facts.skewMinutes,
    code: `${facts.status} ${facts.reasonPhrase}`.trim(),
  };
}

function whatOf(tried: string): string {
  switch (tried) {
    case 'message':
      return 'Your message';
    case 'invite':
      return 'The invitation';
    case 'signIn':
      return 'The sign-in';
    case 'subscribe':
      return 'The question for news';
    default:
      return 'The request';
  }
}

function hostOf(url: string): string {
  if (url === '') return 'the server';
  return /^wss?:/.test(url) && URL.canParse(url) ? new URL(url).host : url;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
