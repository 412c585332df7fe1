/**
 * `npm run interop -- --record DIR`: writes `DIR/bob.sip`, what a real SIPE sends in one session, for the tests that replay it
 * (`server/sipe.replay.test.ts`, which says what the format is).
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { demoPassword } from '../e2e/person';
import { expect, soon } from './expect';
import type { SipeClient } from './sipeClient';
import { SipWire } from './sipWire';
import { addressOf, nameOf, type Stage } from './stage';

/** So long nothing may come from SIPE before a section is complete. */
const quietMs = 1_500;

/** SIPE's messages by section. What the server and the peers chose in them (tags, GRUUs, Call-IDs) is replaced by names. */
class Recording {
  readonly #sections: { name: string; messages: string[] }[] = [];
  readonly #theirCalls = new Set<string>();
  readonly #ownCalls = new Set<string>();
  #lastAt = 0;

  take(direction: 'out' | 'in', bytes: Buffer): void {
    const text = bytes.toString('utf8');
    const callId = headerIn(text, 'Call-ID');
    if (direction === 'in') {
      if (!text.startsWith('SIP/2.0 ') && !this.#ownCalls.has(callId)) this.#theirCalls.add(callId);
      return;
    }
    if (!this.#theirCalls.has(callId)) this.#ownCalls.add(callId);
    this.#lastAt = performance.now();
    this.#sections.at(-1)?.messages.push(this.#named(text, this.#theirCalls.has(callId)));
  }

  #named(text: string, isTheirCall: boolean): string {
    const end = text.indexOf('\r\n\r\n');
    const [start = '', ...lines] = text.slice(0, end).split('\r\n');
    const kept = lines.filter((line) => !/^Authorization:/i.test(line));
    const isAnswer = start.startsWith('SIP/2.0 ');
    const named = isAnswer ? answerLines(kept) : kept.map((line) => requestLine(line, isTheirCall));
    const first = isAnswer ? start : start.replace(/ sip:\S+;opaque=user:epid:\S+ /, ' {{target}} ');
    return `${[first, ...named].join('\r\n')}${text.slice(end)}`;
  }

  async section(name: string, run: () => Promise<unknown>): Promise<void> {
    this.#sections.push({ name, messages: [] });
    this.#lastAt = performance.now();
    await run();
    await expect.poll(() => performance.now() - this.#lastAt, { timeout: 60_000 }).toBeGreaterThan(quietMs);
  }

  toString(): string {
    const sections = this.#sections.map(
      ({ name, messages }) => `@@@@ ${name}\n${messages.map((message) => `@@@\n${message}\n`).join('')}`,
    );
    return sections.join('');
  }
}

/** Via, From, Call-ID and CSeq of an answer are the request's. */
function answerLines(lines: readonly string[]): string[] {
  const rest = lines.filter((line) => !/^(Via|From|Call-ID|CSeq):/i.test(line));
  return ['{{echo}}', ...rest];
}

function requestLine(line: string, isTheirCall: boolean): string {
  if (/^To:/i.test(line)) return line.replace(/;tag=[^;]+/, ';tag={{tag}}').replace(/;epid=[^;]+/, ';epid={{epid}}');
  return isTheirCall && /^Call-ID:/i.test(line) ? 'Call-ID: {{call-id}}' : line;
}

function headerIn(text: string, name: string): string {
  return new RegExp(`^${name}: *(.*?)\r$`, 'im').exec(text)?.[1] ?? '';
}

export async function record(stage: Stage, directory: string): Promise<void> {
  const recording = new Recording();
  const wire = await SipWire.open(stage.server.ports.sip, (direction, message) => {
    recording.take(direction, message);
    return message;
  });
  const bob = await stage.sipeThrough('bob', wire.port);
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  const [alices, carols] = [addressOf('alice'), addressOf('carol')];
  const heidi = 'heidi@contoso.example';

  await recording.section('signs in', () => bob.signIn(demoPassword));
  await recording.section('picks busy and writes a note', () => bob.setStatus('busy', 'At the pier'));
  await recording.section('picks available and takes the note away', () => bob.setStatus('available'));
  await recording.section('removes a contact', () => bob.removeContact(heidi));
  await recording.section('adds a contact to a new group', () => bob.addContact(heidi, 'Book club'));
  await recording.section('removes the contact and the group', async () => {
    await bob.removeContact(heidi);
    await bob.removeGroup('Book club');
  });

  await recording.section('says two things', async () => {
    await bob.say(alices, 'one');
    await bob.say(alices, 'two');
    await alice.accept(nameOf('bob'));
    await expect(alice.message('two')).toBeVisible();
  });
  await recording.section('is answered', async () => {
    await alice.say('three');
    await heard(bob, 'three');
  });
  await recording.section('types and stops', async () => {
    await bob.setTyping(alices, true);
    await bob.setTyping(alices, false);
  });
  await recording.section('closes the window', () => bob.closeIm(alices));
  await recording.section('is called', async () => {
    await alice.say('four');
    await heard(bob, 'four');
  });
  await recording.section('answers', async () => {
    await bob.say(alices, 'five');
    await expect(alice.message('five')).toBeVisible();
  });

  await recording.section('makes a conference of it', async () => {
    await bob.startConference(alices);
    await expect.poll(() => bob.roster(), soon).toEqual([alices, `${bob.address}*`]);
  });
  await recording.section('asks a third person in', async () => {
    await bob.inviteToConference(carols);
    await carol.accept(nameOf('bob'));
    await expect.poll(() => bob.roster(), soon).toEqual([alices, `${bob.address}*`, carols]);
  });
  await recording.section('speaks in the conference', async () => {
    await bob.sayInConference('six');
    await expect(carol.message('six')).toBeVisible();
  });
  await recording.section('is spoken to in the conference', async () => {
    await carol.say('seven');
    await bob.expect('chat-message', ({ text }) => text === 'seven');
  });
  await recording.section('makes a leader', () => bob.makeLeader(alices));
  await recording.section('locks', () => bob.setLocked(true));
  await recording.section('removes a person', async () => {
    await bob.removeFromConference(carols);
    await expect(carol.page.getByText('You were removed from this conference.').first()).toBeVisible();
  });
  await recording.section('leaves', () => bob.leaveConference());
  await recording.section('signs out', () => bob.signOut());

  await wire.close();
  writeFileSync(path.join(directory, 'bob.sip'), recording.toString());
}

async function heard(sipe: SipeClient, wanted: string): Promise<void> {
  await sipe.expect('im-received', ({ text }) => text === wanted);
}
