import { beforeEach, describe, expect, it } from 'vitest';
import { parseMessage, type SipMessage } from './codec';
import type { Reply, RoleDialog, RoleRequest } from './role';
import { RoleDialogs } from './roleDialogs';
import { IncomingRequest } from './roleRequest';
import { ServerTransaction } from './serverTransaction';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';

/** A dialog between a role and alice, made by a SUBSCRIBE that the test reads itself. */
describe('dialogs of roles', () => {
  let test: TestHome;
  let alice: TestEndpoint;
  let dialogs: RoleDialogs;
  let dialog: RoleDialog;
  let answer: SipMessage;
  const handled: string[] = [];

  beforeEach(() => {
    handled.length = 0;
    test = new TestHome();
    alice = test.signIn('alice@contoso.example');
    dialogs = new RoleDialogs(test.home.core);
    const request = incoming(alice.write('SUBSCRIBE', alice.aor, { callId: 'sub-1', fromTag: 'ft' }));
    const handle = (later: RoleRequest, reply: Reply): void => {
      handled.push(later.method);
      reply(200, 'OK');
    };
    dialog = dialogs.create(request, { uri: alice.aor, contact: 'sip:fe1.contoso.example:5061' }, handle);
    request.transaction.respond(200, 'OK', { headers: [['Expires', '600']] });
    answer = messageOf(test.ladder.at(-1)?.text ?? '');
  });

  function incoming(text: string): IncomingRequest {
    const binding = test.home.core.registrations.ofFlow(alice.connection.flow);
    if (binding === undefined) throw new Error('not signed in');
    const transaction = new ServerTransaction(alice.connection.flow, messageOf(text), new Map(), 'fe1');
    return new IncomingRequest(transaction, binding);
  }

  it('RFC 3261 §12.1.1: the 2xx carries our tag and Contact', () => {
    expect(answer.raw('to')).toBe(`<${alice.aor}>;tag=${dialog.localTag}`);
    expect(answer.raw('contact')).toBe('<sip:fe1.contoso.example:5061>');
  });

  it('RFC 3261 §12.2.1.1, FRM-6: requests carry the ids turned round, with the epid, and count up', async () => {
    const answered = dialog.request('NOTIFY', { headers: [['Event', 'x']], contentType: 'text/plain', body: 'grüße' });
    const notify = alice.expect('NOTIFY');
    expect(notify.uri).toBe(alice.gruu);
    expect(notify.raw('from')).toBe(`<${alice.aor}>;tag=${dialog.localTag}`);
    expect(notify.raw('to')).toBe(`<${alice.aor}>;tag=ft;epid=alice1`);
    expect(notify.raw('call-id')).toBe('sub-1');
    expect(notify.body).toBe('grüße');
    alice.answer(notify, 481, 'No such dialog');
    expect((await answered).status).toBe(481);
    expect(dialog.tell('BENOTIFY')).toBe(true);
    expect([notify.cseq, alice.expect('BENOTIFY').cseq]).toEqual([1, 2]);
  });

  it('answers 408 after 32 s, and 430 when the flow goes or is gone', async () => {
    const late = dialog.request('NOTIFY');
    test.clock.advance(32_000);
    expect((await late).status).toBe(408);
    const cut = dialog.request('NOTIFY');
    alice.connection.lose();
    expect((await cut).status).toBe(430);
    expect((await dialog.request('NOTIFY')).status).toBe(430);
    expect(dialog.tell('BENOTIFY')).toBe(false);
  });

  it('finds its dialog by Call-ID and both tags, for its own person only', () => {
    const binding = test.home.core.registrations.ofFlow(alice.connection.flow);
    const bob = test.signIn('bob@contoso.example');
    const other = test.home.core.registrations.ofFlow(bob.connection.flow);
    if (binding === undefined || other === undefined) throw new Error('not signed in');
    const ids = { callId: 'sub-1', fromTag: 'ft', toTag: dialog.localTag };
    const find = (draft: object, sender = binding) =>
      dialogs.find(messageOf(alice.write('SUBSCRIBE', alice.aor, { ...ids, ...draft })), sender);
    expect(find({})).toBe(dialog);
    expect(find({ callId: 'sub-2' })).toBeUndefined();
    expect(find({ fromTag: 'other' })).toBeUndefined();
    expect(find({ toTag: 'other' })).toBeUndefined();
    expect(find({}, other)).toBeUndefined();
    dialog.end();
    expect(find({})).toBeUndefined();
  });

  it('tells once that the remote endpoint is gone, also who asks late', () => {
    const told: string[] = [];
    dialog.onGone(() => told.push('first'));
    dialogs.endpointRemoved(dialog.remote);
    dialogs.endpointRemoved(dialog.remote);
    dialog.onGone(() => told.push('late'));
    expect(told).toEqual(['first', 'late']);
    expect(dialogs.size).toBe(0);
  });

  it('keeps a header value that was made of a text with line ends in one line', () => {
    dialog.tell('BENOTIFY', { headers: [['Subject', 'a\r\nX-Evil: b']] });
    expect(alice.expect('BENOTIFY').names).not.toContain('x-evil');
  });
});

function messageOf(text: string): SipMessage {
  const parsed = parseMessage(Buffer.from(text));
  if (parsed.is === 'damaged') throw new Error(parsed.why);
  return parsed.message;
}
