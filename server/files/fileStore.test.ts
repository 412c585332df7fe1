import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatProvisioningRequest, parseProvisioning } from '../../src/protocol/lync/provisioning';
import { type FileAudience, fileTicketType } from '../../src/protocol/shared/fileTicket';
import type { Aor } from '../../src/protocol/sip/uri';
import type { TestEndpoint } from '../testing/endpoint';
import { ask, facts, put, StoreMeeting, storeUri, ticketFor } from '../testing/fileStore';
import { TestHome } from '../testing/home';
import { alice, bob, carol, refusalIn } from '../testing/meeting';
import { lyncAbilities } from '../testing/presence';

let meeting: StoreMeeting;
let toConference: FileAudience;
const toPeer = (peer: Aor): FileAudience => ({ is: 'peer', peer });

async function open(...args: ConstructorParameters<typeof StoreMeeting>): Promise<void> {
  await meeting?.close();
  meeting = new StoreMeeting(...args);
  await meeting.listen();
  toConference = { is: 'conference', focus: meeting.focus };
}
beforeEach(() => open());
afterEach(() => meeting.close());

const upload = (to: FileAudience, changes: Parameters<typeof facts>[0] = {}) =>
  ({ is: 'upload', to, file: facts(changes) }) as const;
const bytes = Buffer.from('0123456789');

function settingsOf(endpoint: TestEndpoint): Map<string, ReadonlyMap<string, string>> {
  const { final } = endpoint.request('SUBSCRIBE', endpoint.aor, {
    headers: [['Event', 'vnd-microsoft-provisioning-v2'], ['Expires', '0'], ...lyncAbilities],
    contentType: 'application/vnd-microsoft-roaming-provisioning-v2+xml',
    body: formatProvisioningRequest(['ServerConfiguration', 'meetingPolicy', 'userSetting']),
  });
  return parseProvisioning(final.body);
}

describe('FIL-1 provisioning', () => {
  const told = (endpoint: TestEndpoint) => {
    const groups = settingsOf(endpoint);
    const server = groups.get('ServerConfiguration');
    return [
      ...['confabFileStoreUri', 'confabFileMaxSize', 'confabFileBlocked'].map((name) => server?.get(name)),
      groups.get('meetingPolicy')?.get('enableP2PFileTransfer'),
      groups.get('userSetting')?.get('disableFileTransfer'),
    ];
  };

  it('names the store, the largest file and what is blocked', () => {
    expect(told(meeting.organizer)).toEqual([storeUri, '1000000', '.exe .bat', 'true', 'false']);
    meeting.setPolicy({ fileSize: 5000 });
    expect(told(meeting.organizer)[1]).toBe('5000');
  });

  it('names no store to who may not send files, nor where there is none', () => {
    meeting.setPolicy({ files: false });
    expect(told(meeting.organizer)).toEqual([undefined, undefined, undefined, 'false', 'true']);
    const without = new TestHome().signIn('alice@contoso.example');
    expect(told(without)).toEqual([undefined, undefined, undefined, 'true', 'false']);
    expect(without.request('SERVICE', storeUri, { contentType: fileTicketType, body: 'x' }).final.status).toBe(404);
  });
});

describe('FIL-2 a ticket', () => {
  it('for an upload names a new file, of which nothing is there', async () => {
    meeting.member(alice);
    const ticket = await ticketFor(meeting.organizer, upload(toConference));
    expect(ticket).toMatchObject({ file: facts(), received: 0, lifetime: 3600 });
    expect(ticket.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await ticketFor(meeting.organizer, upload(toConference))).id).not.toBe(ticket.id);
  });

  it('for a download tells what the store knows', async () => {
    const [a, b] = meeting.members(alice, bob);
    const { id } = await put(meeting, a.endpoint, toConference, bytes);
    const { file, received } = await ticketFor(b.endpoint, { is: 'download', id });
    expect(file).toEqual({ ...facts(), sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882' });
    expect(received).toBe(10);
  });

  it('for going on tells how much is there, to the owner alone', async () => {
    const [a, b] = meeting.members(alice, bob);
    const { id, ticket } = await ticketFor(a.endpoint, upload(toConference));
    await meeting.http('PUT', id, ticket, {
      headers: { 'Content-Range': 'bytes 0-3/10' },
      body: [bytes.subarray(0, 4)],
    });
    expect((await ticketFor(a.endpoint, { is: 'resume', id })).received).toBe(4);
    expect(refusalIn(await ask(b.endpoint, { is: 'resume', id }))).toEqual([403, 3014]);
  });
});

describe('FIL-3, FIL-5 who may have what', () => {
  it('a conference’s files are for who is in it now', async () => {
    const [a, b] = meeting.members(alice, bob);
    const outsider = meeting.signIn(carol);
    const { id } = await put(meeting, a.endpoint, toConference, bytes);
    expect(refusalIn(await ask(outsider, upload(toConference)))).toEqual([403, 3014]);
    expect(refusalIn(await ask(outsider, { is: 'download', id }))).toEqual([403, 3014]);
    expect((await ask(b.endpoint, { is: 'download', id })).status).toBe(200);
    a.command({ is: 'deleteUser', focus: meeting.focus, user: bob });
    expect(refusalIn(await ask(b.endpoint, { is: 'download', id }))).toEqual([403, 3014]);
  });

  it('and end with it, also on the disk', async () => {
    const [a] = meeting.members(alice);
    const { id } = await put(meeting, a.endpoint, toConference, bytes);
    a.command({ is: 'deleteConference', focus: meeting.focus });
    expect(refusalIn(await ask(a.endpoint, { is: 'download', id }))).toEqual([404, 60_000]);
    expect(await meeting.disk.all()).toEqual([id]);
    meeting.home.clock.advance(600_000);
    await expect.poll(() => meeting.disk.all()).toEqual([]);
  });

  it('a person’s are for that person and the owner', async () => {
    const [b, c] = [meeting.signIn(bob), meeting.signIn(carol)];
    const { id } = await put(meeting, meeting.organizer, toPeer(bob), bytes);
    expect((await ask(b, { is: 'download', id })).status).toBe(200);
    expect((await ask(meeting.organizer, { is: 'download', id })).status).toBe(200);
    expect(refusalIn(await ask(c, { is: 'download', id }))).toEqual([403, 3014]);
    const nobody = toPeer('sip:nobody@contoso.example' as Aor);
    expect(refusalIn(await ask(b, upload(nobody)))).toEqual([403, 3014]);
  });

  it('nobody gets a file that is not complete, or that is not there', async () => {
    const { id } = await ticketFor(meeting.organizer, upload(toPeer(bob)));
    const unknown = '0'.repeat(32);
    expect(refusalIn(await ask(meeting.signIn(bob), { is: 'download', id }))).toEqual([404, 60_000]);
    expect(refusalIn(await ask(meeting.organizer, { is: 'download', id: unknown }))).toEqual([404, 60_000]);
    expect(refusalIn(await ask(meeting.organizer, { is: 'resume', id: unknown }))).toEqual([404, 60_000]);
  });

  it('they expire, and are swept', async () => {
    const { id } = await put(meeting, meeting.organizer, toPeer(bob), bytes);
    meeting.home.clock.advance(2 * 86_400_000);
    expect(refusalIn(await ask(meeting.signIn(bob), { is: 'download', id }))).toEqual([404, 60_000]);
    await expect.poll(() => meeting.disk.all()).toEqual([]);
  });

  it('those that do not become complete go after a day, the others have their time from then on', async () => {
    await open({}, { lifetimeMs: 7 * 86_400_000 });
    const { id: unfinished } = await ticketFor(meeting.organizer, upload(toPeer(bob)));
    const { id } = await put(meeting, meeting.organizer, toPeer(bob), bytes);
    meeting.home.clock.advance(2 * 86_400_000);
    expect(refusalIn(await ask(meeting.signIn(alice), { is: 'resume', id: unfinished }))).toEqual([404, 60_000]);
    expect((await ask(meeting.signIn(bob), { is: 'download', id })).status).toBe(200);
  });

  it('go with the person', async () => {
    const { id } = await put(meeting, meeting.organizer, toPeer(bob), bytes);
    const b = meeting.signIn(bob);
    meeting.home.home.accounts.remove(alice);
    expect(refusalIn(await ask(b, { is: 'download', id }))).toEqual([404, 60_000]);
  });

  it.each([
    ['60001 policy of the sender', { files: false }, {}, [403, 60_001]],
    ['60002 more than the house takes', {}, { size: 1_000_001 }, [413, 60_002]],
    ['60002 more than the policy says', { fileSize: 500 }, { size: 501 }, [413, 60_002]],
    ['60003 a blocked kind', {}, { name: 'setup.EXE' }, [403, 60_003]],
  ])('%s', async (_what, policy, changes, refusal) => {
    await open(policy);
    expect(refusalIn(await ask(meeting.organizer, upload(toPeer(bob), changes)))).toEqual(refusal);
  });

  it('60001 policy of the receiver, at the time', async () => {
    const b = meeting.signIn(bob);
    const { id } = await put(meeting, meeting.organizer, toPeer(bob), bytes);
    meeting.home.home.accounts.setPolicy(bob, { files: false });
    expect(refusalIn(await ask(b, { is: 'download', id }))).toEqual([403, 60_001]);
  });

  it('60004 a person’s own quota, which a deleted file gives back', async () => {
    const large = upload(toPeer(bob), { size: 900_000 });
    const { id, ticket } = await ticketFor(meeting.organizer, large);
    await ticketFor(meeting.organizer, large);
    expect(refusalIn(await ask(meeting.organizer, large))).toEqual([403, 60_004]);
    expect((await meeting.http('DELETE', id, ticket)).status).toBe(204);
    expect((await ask(meeting.organizer, large)).status).toBe(200);
  });

  it('60005 the room of all', async () => {
    const large = (peer: Aor) => upload(toPeer(peer), { size: 1_000_000 });
    await ticketFor(meeting.organizer, large(bob));
    await ticketFor(meeting.organizer, large(bob));
    const b = meeting.signIn(bob);
    await ticketFor(b, large(alice));
    expect(refusalIn(await ask(b, large(alice)))).toEqual([503, 60_005]);
  });

  it('60006 uploads that are not finished', async () => {
    for (let count = 0; count < 20; count += 1) await ticketFor(meeting.organizer, upload(toPeer(bob)));
    expect(refusalIn(await ask(meeting.organizer, upload(toPeer(bob))))).toEqual([403, 60_006]);
  });

  it('4001 a name that is a path', async () => {
    expect(refusalIn(await ask(meeting.organizer, upload(toPeer(bob), { name: '../../etc/passwd' })))).toEqual([
      400, 4001,
    ]);
    expect(await meeting.disk.all()).toEqual([]);
  });

  it('another body is refused (415), and another method (501)', () => {
    const { organizer } = meeting;
    expect(organizer.request('SERVICE', storeUri, { contentType: 'text/plain', body: 'x' }).final.status).toBe(415);
    expect(organizer.request('OPTIONS', storeUri).final.status).toBe(501);
  });
});
