import { describe, expect, it } from 'vitest';
import {
  checkTransaction,
  InitialOutgoingInviteRequest,
  InviteServerTransaction,
  JssipDialog,
  JssipRequestSender,
  JssipUa,
  jssipUri,
  NonInviteServerTransaction,
  OutgoingRequest,
} from './jssip';

const socket = {
  url: 'wss://fe1.contoso.example/sip',
  via_transport: 'WSS',
  sip_uri: 'sip:fe1.contoso.example;transport=ws',
  connect: () => undefined,
  disconnect: () => undefined,
  send: () => true,
};
const newUa = () => new JssipUa({ sockets: [socket], uri: 'sip:alice@contoso.example', register: false });

/** What we stand on and JsSIP does not promise: a new version that moves one of these fails here and nowhere else. */
describe('JsSIP 3.13.8', () => {
  it.each([
    ['UA', JssipUa, ['receiveRequest', '_findDialog', 'newDialog', 'destroyDialog', 'start', 'stop']],
    ['Dialog', JssipDialog, ['receiveRequest', 'terminate', '_createRequest']],
    ['RequestSender', JssipRequestSender, ['send']],
    ['OutgoingRequest', OutgoingRequest, ['setHeader', 'getHeader', 'clone']],
    ['InitialOutgoingInviteRequest', InitialOutgoingInviteRequest, ['cancel']],
    ['InviteServerTransaction', InviteServerTransaction, ['receiveResponse', 'on']],
    ['NonInviteServerTransaction', NonInviteServerTransaction, ['receiveResponse', 'on']],
  ])('%s has the methods we call', (_name, type, methods) => {
    for (const method of methods) expect(Reflect.get(type.prototype, method), method).toBeTypeOf('function');
  });

  it('a user agent has its transport, with the members we take over, before it starts', () => {
    const { transport, configuration, contact } = newUa();
    expect(Reflect.get(transport, '_reconnect')).toBeTypeOf('function');
    expect(transport.ondata).toBeTypeOf('function');
    expect(transport.isConnected()).toBe(false);
    expect(configuration.uri.user).toBe('alice');
    expect(contact.uri.toString()).toMatch(/^sip:/);
    expect(checkTransaction).toBeTypeOf('function');
  });

  it('a dialog tells its number, its tags and its owner', () => {
    for (const member of ['local_seqnum', 'id', 'owner']) {
      expect(Object.getOwnPropertyDescriptor(JssipDialog.prototype, member)?.get, member).toBeTypeOf('function');
    }
  });

  it('a request takes a body, a route set and tags, and may have its From rewritten', () => {
    const params = { call_id: 'c1', cseq: 7, from_tag: 'f1', to_tag: 't1', route_set: ['<sip:p0;lr>'] };
    const request = new OutgoingRequest('SERVICE', jssipUri('sip:bob@contoso.example'), newUa(), params, ['X: y'], 'ü');
    request.setHeader('from', `${request.getHeader('from')};epid=1`);
    const text = String(request);
    expect(text).toMatch(/^SERVICE sip:bob@contoso\.example SIP\/2\.0\r\n/);
    for (const line of [
      'From: <sip:alice@contoso.example>;tag=f1;epid=1',
      'To: <sip:bob@contoso.example>;tag=t1',
      'Call-ID: c1',
      'CSeq: 7 SERVICE',
      'Route: <sip:p0;lr>',
      'X: y',
      'Content-Length: 2',
    ]) {
      expect(text).toContain(`\r\n${line}\r\n`);
    }
  });

  it('reads the URIs of Lync and refuses what is none', () => {
    const uri = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';
    expect(jssipUri(uri).toString()).toBe(uri);
    expect(() => jssipUri('alice')).toThrow('not a SIP URI');
  });
});
