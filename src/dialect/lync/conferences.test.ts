import { beforeEach, describe, expect, it } from 'vitest';
import { formatCccpResponse, parseCccpRequest } from '../../protocol/lync/cccp';
import { conferenceAnswerNode, parseCommand } from '../../protocol/lync/conferenceCommands';
import { formatConferenceInvite } from '../../protocol/lync/conferenceInvite';
import { headerOf, type SipMessage } from '../../protocol/sip/message';
import { alice, bob, carol } from '../../testing/people';
import { cccp, factory, focus, homeWithFocus, key } from '../../testing/scriptedFocus';
import type { ScriptedHome } from '../../testing/scriptedHome';

let home: ScriptedHome;
beforeEach(async () => {
  home = await homeWithFocus();
});

describe('making a conference', () => {
  it('CNF-1 is addConference at the focus factory, with an id of ours', async () => {
    const created = home.dialect.conferences.create('Draft review');
    await home.settle();
    expect(await created).toEqual({ ok: true, value: focus });
    const request = home.sent('SERVICE').at(-1);
    expect(request?.uri).toBe(factory);
    const { from, to, command } = parseCccpRequest(request?.body ?? '');
    expect([from, to]).toEqual([alice, factory]);
    const parsed = parseCommand(command);
    expect(parsed).toMatchObject({ is: 'addConference', conference: { subject: 'Draft review', media: ['chat'] } });
    expect(parsed.is === 'addConference' && parsed.conference.id).toMatch(/^[0-9A-Z]{8,32}$/);
  });

  it('CNF-7 fails where the answer says failure in a 200', async () => {
    home.answers = (request) => {
      const body = formatCccpResponse(
        parseCccpRequest(request.body),
        'failure',
        conferenceAnswerNode('addConference', focus),
        'quota',
      );
      return { status: 200, reason: 'OK', contentType: cccp, body };
    };
    const created = home.dialect.conferences.create('x');
    await home.settle();
    expect(await created).toMatchObject({ ok: false, failure: { is: 'rejected', reason: 'quota' } });
  });

  it('fails where the answer makes no sense', async () => {
    home.answers = () => ({ status: 200, reason: 'OK', contentType: cccp, body: '<response code="success"/>' });
    const created = home.dialect.conferences.create('x');
    await home.settle();
    expect(await created).toMatchObject({ ok: false, failure: { is: 'malformed' } });
  });
});

describe('asking in and being asked', () => {
  it('CNF-25, CNF-26 sends ms-conf-invite under the conversation and hangs up after the answer', async () => {
    home.answers = (request) =>
      request.method === 'INVITE' ? { status: 200, reason: 'OK', headers: [`Contact: <${carol}>`] } : null;
    const invited = home.dialect.conferences.invite(focus, key, 'Draft review', carol);
    await home.settle();
    expect(await invited).toEqual({ ok: true, value: undefined });
    const [invite] = home.sent('INVITE');
    expect(headerOf(invite as SipMessage, 'Ms-Conversation-ID')).toBe(key);
    expect(invite?.body).toContain(`<conversation-id>${key}</conversation-id>`);
    expect(home.peer.ladder).toEqual(['> INVITE', '< 200 INVITE', '> ACK', '> BYE', '< 200 BYE']);
  });

  const ring = async (conversationId: string | null, headers: string[] = []) => {
    const body = formatConferenceInvite({ focus, subject: 'Draft review', conversationId, im: true });
    const contact = `Contact: <${bob};gruu>`;
    const draft = { headers: [contact, ...headers], contentType: 'application/ms-conf-invite+xml', body };
    home.peer.request('INVITE', alice, `<${bob}>;tag=b`, `<${alice}>`, draft);
    await home.settle();
    return home.host.last('conference.invited');
  };

  it('6.8 tells which conversation becomes the conference, by body, header, or not at all', async () => {
    expect(await ring(key)).toMatchObject({ focus, from: bob, key, subject: 'Draft review' });
    expect((await ring(null, [`Ms-Conversation-ID: ${key}`])).key).toBe(key);
    expect((await ring(null)).key).toBe(null);
  });

  it('CNF-25 rings, and answers 200 without a body', async () => {
    const { thread } = await ring(key);
    expect(home.peer.ladder.at(-1)).toBe('> 180 INVITE');
    home.dialect.conferences.accept(thread);
    await home.settle();
    const final = home.peer.received.at(-1);
    expect([final?.status, final?.body]).toEqual([200, '']);
  });

  it('CNF-25 declines with 603', async () => {
    const { thread } = await ring(key);
    home.dialect.conferences.decline(thread);
    await home.settle();
    expect(home.peer.received.at(-1)?.status).toBe(603);
  });

  it('refuses an invitation that names no focus with 488', async () => {
    const draft = {
      headers: [`Contact: <${bob}>`],
      contentType: 'application/ms-conf-invite+xml',
      body: '<Conferencing/>',
    };
    home.peer.request('INVITE', alice, `<${bob}>;tag=b`, `<${alice}>`, draft);
    await home.settle();
    expect(home.peer.received.at(-1)?.status).toBe(488);
  });
});
