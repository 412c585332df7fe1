import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type FileMessage,
  fileMessageType,
  formatFileMessage,
  parseFileMessage,
} from '../../src/protocol/shared/fileMessage';
import { formatImOffer } from '../../src/protocol/sip/imOffer';
import { chatOf, type Member } from '../testing/conference';
import type { Exchange } from '../testing/endpoint';
import { put, StoreMeeting, ticketFor } from '../testing/fileStore';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';

let meeting: StoreMeeting;
beforeEach(async () => {
  meeting = new StoreMeeting();
  await meeting.listen();
});
afterEach(() => meeting.close());

/** A member enters the chat anew, as a client that reads file messages. */
function enter(member: Member, since: string | null = '0'): Exchange {
  const chat = member.endpoint.request('INVITE', chatOf(member.focus), {
    headers: [
      ['Supported', 'com.confab.file'],
      ...(since === null
        ? []
        : ([
            ['Supported', 'com.confab.numbered'],
            ['Confab-Since', since],
          ] as const)),
    ],
    contentType: 'application/sdp',
    body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }),
  });
  member.endpoint.acknowledge(chat);
  return chat;
}

const bytes = Buffer.from('0123456789');

/** A file of Alice's in the conference, and what she says of it. */
async function file(): Promise<FileMessage> {
  const to = { is: 'conference', focus: meeting.focus } as const;
  const { id, answer } = await put(meeting, meeting.organizer, to, bytes);
  const { sha256 } = JSON.parse(answer.body.toString()) as { sha256: string };
  return { id, name: 'plan.pdf', size: 10, type: 'application/pdf', sha256 };
}

function tell(member: Member, chat: Exchange, message: FileMessage) {
  const content = { contentType: fileMessageType, body: formatFileMessage(message) };
  return member.endpoint.inDialog(chat, 'MESSAGE', content).final;
}

const got = async (member: Member) =>
  (await member.take('MESSAGE')).map((message) => [message.header('content-type'), message.body]);

describe('FIL-6 a file in the chat of a conference', () => {
  it('is told to those who read file messages, and as a line of text to the others', async () => {
    const [a, b, c] = meeting.members(alice, bob, carol);
    const [chat] = [enter(a), enter(b)];
    expect(chat.final.rawValues('supported')).toContain('com.confab.file');
    const message = await file();
    expect(tell(a, chat, message).status).toBe(200);
    expect(await got(b)).toEqual([[fileMessageType, formatFileMessage(message)]]);
    expect(await got(c)).toEqual([['text/plain; charset=UTF-8', 'plan.pdf (10 bytes)']]);
  });

  it('is in the log for who comes later, each in its own way', async () => {
    const [a] = meeting.members(alice);
    const message = await file();
    tell(a, enter(a), message);
    const [b, native] = [meeting.member(bob), meeting.member(carol, null)];
    await b.take('MESSAGE');
    enter(b);
    expect(await got(b)).toEqual([[fileMessageType, formatFileMessage(message)]]);
    expect(await got(native)).toEqual([['text/plain; charset=UTF-8', 'plan.pdf (10 bytes)']]);
  });

  it('says what the store knows, whatever its author says', async () => {
    const [a, b] = meeting.members(alice, bob);
    const [chat] = [enter(a), enter(b)];
    const message = await file();
    tell(a, chat, { ...message, name: 'harmless.txt', size: 1, sha256: 'f'.repeat(64) });
    const [first = []] = await got(b);
    expect(parseFileMessage(first[1] ?? '')).toEqual(message);
  });

  it('is the author’s own, complete, and of this conference', async () => {
    const [a, b] = meeting.members(alice, bob);
    const [chatA, chatB] = [enter(a), enter(b)];
    const message = await file();
    expect(refusalIn(tell(b, chatB, message))).toEqual([403, 3014]);
    expect(refusalIn(tell(a, chatA, { ...message, id: '0'.repeat(32) }))).toEqual([403, 3014]);
    const forBob = await put(meeting, meeting.organizer, { is: 'peer', peer: bob }, bytes);
    expect(refusalIn(tell(a, chatA, { ...message, id: forBob.id }))).toEqual([403, 3014]);
    const to = { is: 'conference', focus: meeting.focus } as const;
    const open = { name: 'later.pdf', size: 10, type: '', sha256: null };
    const { id } = await ticketFor(meeting.organizer, { is: 'upload', to, file: open });
    expect(refusalIn(tell(a, chatA, { ...message, id }))).toEqual([403, 3014]);
    expect(await got(b)).toEqual([]);
  });

  it('is refused when it cannot be read (400), or was not announced (415)', async () => {
    const [a] = meeting.members(alice);
    const message = await file();
    expect(tell(a, a.chat, message).status).toBe(415);
    const content = { contentType: fileMessageType, body: '{"id":"../x"}' };
    expect(a.endpoint.inDialog(enter(a), 'MESSAGE', content).final.status).toBe(400);
  });

  it('is nothing where there is no store', () => {
    const plain = new Meeting();
    const a = plain.member(alice);
    const chat = enter(a);
    expect(chat.final.rawValues('supported')).not.toContain('com.confab.file');
    const content = { contentType: fileMessageType, body: '{}' };
    expect(a.endpoint.inDialog(chat, 'MESSAGE', content).final.status).toBe(415);
  });
});
