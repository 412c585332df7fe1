import { beforeEach, describe, expect, it } from 'vitest';
import { parseCccpResponse } from '../../src/protocol/lync/cccp';
import { parseAddUserAnswer } from '../../src/protocol/lync/conferenceCommands';
import { type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import { c3p, focusOf, join, joining, rosterIn, subscribe } from '../testing/conference';
import type { Draft, TestEndpoint } from '../testing/endpoint';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';

let meeting: Meeting;
let focus: FocusUri;
beforeEach(() => {
  meeting = new Meeting();
  focus = meeting.focus;
});

describe('joining', () => {
  it('6.3, CNF-8: answers with the keys, one user, the one role granted, and a Contact that is the focus', () => {
    const answer = join(meeting.signIn(bob), focus).final;
    expect(answer.raw('contact')).toBe(`<${focus}>;isfocus`);
    const response = parseCccpResponse(answer.body);
    expect(response).toMatchObject({ requestId: '17', code: 'success', from: focus, to: bob });
    expect(parseAddUserAnswer(response.command)).toBe('attendee');
    expect(answer.body).toContain(`<conferenceKeys confEntity="${focus}"/>`);
    expect(answer.body.match(/<ci:user /g)).toHaveLength(1);
    expect(answer.body.match(/<ci:entry>/g)).toHaveLength(1);
  });

  it.each([
    [alice, 'attendee', 'presenter'],
    [bob, 'presenter', 'attendee'],
  ] as const)('CNF-8: %s, who asks to be %s, is %s', (person, asked, granted) => {
    const endpoint = person === alice ? meeting.organizer : meeting.signIn(person);
    const command = { ...joining(focus, person), role: asked };
    const answer = endpoint.request('INVITE', focus, c3p(command, person, focus)).final;
    expect(parseAddUserAnswer(parseCccpResponse(answer.body).command)).toBe(granted);
  });

  it('CNF-9: refuses by the status: no such conference, locked, full', () => {
    const endpoint = meeting.signIn(bob);
    expect(refusalIn(join(endpoint, focusOf(alice, 'UNKNOWN1')).final)).toEqual([404, 3012]);
    const [a] = meeting.members(alice);
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    const locked = join(endpoint, focus).final;
    expect(refusalIn(locked)).toEqual([480, 3014]);
    expect(locked.header('ms-diagnostics')).toContain('The conference is locked');
    a.command({ is: 'modifyConferenceLock', focus, locked: false });
    meeting.setPolicy({ meetingSize: 1 });
    const full = join(endpoint, focus).final;
    expect(refusalIn(full)).toEqual([480, 3014]);
    expect(full.header('ms-diagnostics')).toContain('at most 1 people');
  });

  it('the organizer’s policy bounds the size, and a second device of a member is nobody new', () => {
    meeting.setPolicy({ meetingSize: 2 });
    meeting.members(alice, bob);
    expect(join(meeting.signIn(bob), focus).final.status).toBe(200);
    expect(join(meeting.signIn(carol), focus).final.status).toBe(480);
  });

  it.each<[string, number, number | null, (endpoint: TestEndpoint) => Draft]>([
    ['for another', 403, 3014, ({ aor }) => c3p(joining(focus, carol), aor, focus)],
    ['in another’s name', 400, 3000, ({ aor }) => c3p(joining(focus, aor), carol, focus)],
    ['by an envelope to elsewhere', 400, 3001, ({ aor }) => c3p(joining(focus, aor), aor, focusOf(alice, 'UNKNOWN1'))],
    ['with the keys of another', 400, 3003, ({ aor }) => c3p(joining(focusOf(alice, 'UNKNOWN1'), aor), aor, focus)],
    [
      'with the keys of the chat',
      400,
      3003,
      ({ aor }) => c3p(joining(mcuUriOf(focus, 'chat') as FocusUri, aor), aor, focus),
    ],
    ['by dialing out', 400, 3007, ({ aor }) => c3p({ ...joining(focus, aor), dialOut: true }, aor, focus)],
    ['by another command', 400, 3007, ({ aor }) => c3p({ is: 'deleteUser', focus, user: aor }, aor, focus)],
    ['by a cut document', 400, 3006, () => ({ contentType: 'application/cccp+xml', body: '<request><addUser' })],
    ['by SDP', 415, null, () => ({ contentType: 'application/sdp', body: 'v=0' })],
  ])('refuses to let one in %s', (_what, status, id, draft) => {
    const [a] = meeting.members(alice);
    const endpoint = meeting.signIn(bob);
    expect(refusalIn(endpoint.request('INVITE', focus, draft(endpoint)).final)).toEqual([status, id]);
    meeting.pause();
    expect(a.told()).toEqual([]);
  });

  it('CNF-10: who offers a session timer gets one, and refreshes it; who does not is never ended by it', () => {
    const timer = [
      ['Supported', 'timer'],
      ['Session-Expires', '7200;refresher=uac'],
    ] as const;
    const endpoint = meeting.signIn(bob);
    const dialog = join(endpoint, focus, timer);
    for (const answer of [
      dialog.final,
      endpoint.inDialog(dialog, 'UPDATE', { headers: timer }).final,
      endpoint.inDialog(dialog, 'INVITE', { headers: timer }).final,
    ]) {
      expect(answer.status).toBe(200);
      expect([answer.header('require'), answer.header('session-expires')]).toEqual(['timer', '7200;refresher=uac']);
      expect(answer.raw('contact')).toBe(`<${focus}>;isfocus`);
    }
    const [sipe] = meeting.members(carol);
    expect(sipe.dialog.final.header('require')).toBeUndefined();
    meeting.home.clock.advance(3 * 3_600_000);
    expect(sipe.command({ is: 'modifyConferenceLock', focus, locked: true }).status).toBe(403);
  });

  it('RFC 4028 §5: bounds the session timer', () => {
    const asking = (seconds: string) =>
      join(meeting.signIn(bob), focus, [
        ['Supported', 'timer'],
        ['Session-Expires', seconds],
      ]).final.header('session-expires');
    expect([asking('1'), asking('999999'), asking('soon')]).toEqual([
      '90;refresher=uac',
      '7200;refresher=uac',
      '7200;refresher=uac',
    ]);
  });

  it('CNF-11: a second INVITE of an endpoint replaces the first, and its chat', async () => {
    const [a, b] = meeting.members(alice, bob);
    const again = join(b.endpoint, focus);
    expect(again.final.status).toBe(200);
    expect(await b.take('BYE')).toHaveLength(1);
    expect(b.endpoint.inDialog(b.dialog, 'BYE').final.status).toBe(481);
    meeting.pause();
    const users = a.told().at(-1)?.users;
    expect(users?.map(({ aor, endpoints }) => [aor, endpoints.map(({ sessionType }) => sessionType)])).toEqual([
      [bob, ['focus']],
    ]);
    expect(b.endpoint.inDialog(again, 'BYE').final.status).toBe(200);
    meeting.pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
  });

  it('names the endpoints itself when the name given is none, or endless', () => {
    const b = meeting.signIn(bob);
    const long = { ...joining(focus, bob), endpoint: 'x'.repeat(1000) };
    b.request('INVITE', focus, c3p(long, bob, focus));
    expect(rosterIn(subscribe(b, focus).final).users?.[0]?.endpoints[0]?.entity).toBe(`{${b.instance}}`);
  });
});

describe('leaving and losing', () => {
  it('5.8: who leaves is no member any more, and stands before a locked door', () => {
    const [a, b] = meeting.members(alice, bob);
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    b.endpoint.inDialog(b.dialog, 'BYE');
    expect(join(b.endpoint, focus).final.status).toBe(480);
    a.endpoint.inDialog(a.dialog, 'BYE');
    expect(join(meeting.organizer, focus).final.status).toBe(200);
  });

  it('who only lost the connection may come back, in the same role, though it is locked and was full', () => {
    meeting.setPolicy({ meetingSize: 3 });
    const [a, b] = meeting.members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    b.endpoint.connection.lose();
    meeting.pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
    const back = join(meeting.signIn(bob), focus).final;
    expect(parseAddUserAnswer(parseCccpResponse(back.body).command)).toBe('presenter');
  });

  it('who was removed is a newcomer again', () => {
    const [a, b] = meeting.members(alice, bob);
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    a.command({ is: 'deleteUser', focus, user: bob });
    const back = join(b.endpoint, focus).final;
    expect(parseAddUserAnswer(parseCccpResponse(back.body).command)).toBe('attendee');
  });

  it('who is disabled in the middle is out for all', () => {
    const [a] = meeting.members(alice, bob);
    meeting.home.home.accounts.setDisabled(bob, true);
    meeting.pause();
    expect(a.told().at(-1)?.users).toMatchObject([{ aor: bob, isDeleted: true }]);
  });

  it('keeps nothing of who is gone', () => {
    meeting.members(alice, bob, carol);
    meeting.organizer.connection.lose();
    meeting.home.clock.advance(60_000);
    expect(meeting.home.home.core.clientTransactions.size).toBe(0);
  });
});
