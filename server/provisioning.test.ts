import { beforeEach, describe, expect, it } from 'vitest';
import { formatProvisioningRequest, parseProvisioning } from '../src/protocol/lync/provisioning';
import type { SipMessage } from './codec';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';
import { lyncAbilities, person } from './testing/presence';
import { ScriptedForwarder } from './testing/scriptedForwarder';

let home: TestHome;
let alice: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
});

const event = ['Event', 'vnd-microsoft-provisioning-v2'] as const;

function subscribe(names: string[], expires?: string, target: string = alice.aor) {
  return alice.request('SUBSCRIBE', target, {
    headers: [event, ...(expires === undefined ? [] : [['Expires', expires] as const]), ...lyncAbilities],
    contentType: 'application/vnd-microsoft-roaming-provisioning-v2+xml',
    body: formatProvisioningRequest(names),
  });
}

const groupsIn = (message: SipMessage) => parseProvisioning(message.body);
const setting = (message: SipMessage, group: string, name: string) => groupsIn(message).get(group)?.get(name);

describe('provisioning', () => {
  it('PRV-1: the document rides in the 200 to a poll, as native clients ask', () => {
    const answer = subscribe(['ServerConfiguration'], '0').final;
    expect(answer.status).toBe(200);
    expect([answer.header('event'), answer.header('ms-piggyback-cseq')]).toEqual([event[1], '1']);
    expect([answer.header('expires'), answer.header('subscription-state')]).toEqual(['0', 'terminated;expires=0']);
    expect(answer.header('content-type')).toBe('application/vnd-microsoft-roaming-provisioning-v2+xml');
    expect(answer.rawValues('supported')).toEqual([
      'com.microsoft.autoextend',
      'ms-piggyback-first-notify',
      'ms-benotify',
    ]);
    expect(answer.lines.filter((line) => /^supported:.*,/i.test(line))).toEqual([]);
  });

  it('2: tells the groups asked for and no others', () => {
    const names = ['ucPolicy', 'persistentChatConfiguration', 'ServerConfiguration', 'nonsense'];
    expect([...groupsIn(subscribe(names).final).keys()].sort()).toEqual(['ServerConfiguration', 'ucPolicy']);
  });

  it('says how much of its trace a client may keep, where that is bounded', () => {
    const traceMost = (answer: SipMessage) => setting(answer, 'ServerConfiguration', 'confabTraceMost');
    expect(traceMost(subscribe(['ServerConfiguration']).final)).toBeUndefined();
    home = new TestHome({ traceMost: 500 });
    alice = home.signIn('alice@contoso.example');
    expect(traceMost(subscribe(['ServerConfiguration']).final)).toBe('500');
  });

  it('2.2: tells where the server is, and where conferences are made', () => {
    const answer = subscribe(['ServerConfiguration']).final;
    expect(Object.fromEntries(groupsIn(answer).get('ServerConfiguration') ?? [])).toMatchObject({
      poolUri: 'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:HomeServer:hs1',
      focusFactoryUri: 'sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory',
    });
  });

  it('PRV-4: names no relay where there is none', () => {
    expect(setting(subscribe(['ServerConfiguration']).final, 'ServerConfiguration', 'mrasUri')).toBeUndefined();
  });

  it('PRV-4: names the relay service where there are relays', () => {
    const turn = { servers: [{ host: 'turn.contoso.example', port: 3478 }], secret: 'shared' };
    alice = new TestHome({ turn }).signIn('alice@contoso.example');
    expect(setting(subscribe(['ServerConfiguration']).final, 'ServerConfiguration', 'mrasUri')).toBe(
      'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:MRAS:m1',
    );
  });

  it('PRV-2: who may not hold conferences is told of no factory', () => {
    home.home.accounts.setPolicy(alice.aor, { conferences: false });
    const answer = subscribe(['ServerConfiguration']).final;
    expect(setting(answer, 'ServerConfiguration', 'focusFactoryUri')).toBeUndefined();
    expect(setting(answer, 'ServerConfiguration', 'poolUri')).toBeDefined();
  });

  it('2.2: tells how many may meet, by the policy of the person', () => {
    expect(setting(subscribe(['meetingPolicy']).final, 'meetingPolicy', 'meetingSize')).toBe('250');
    home.home.accounts.setPolicy(alice.aor, { meetingSize: 3 });
    expect(setting(subscribe(['meetingPolicy']).final, 'meetingPolicy', 'meetingSize')).toBe('3');
  });

  it('2.2: tells whether one may share programs, and how well', () => {
    const sharing = () => {
      const settings = groupsIn(subscribe(['meetingPolicy']).final).get('meetingPolicy');
      const names = ['enableAppDesktopSharing', 'allowedAppDesktopSharingLevel', 'appSharingBitRate'];
      return names.map((name) => settings?.get(name));
    };
    expect(sharing()).toEqual(['true', 'Desktop', undefined]);
    home.home.accounts.setPolicy(alice.aor, { sharing: 'no' });
    expect(sharing()).toEqual(['false', 'None', undefined]);
    alice = new TestHome({ media: { forwarder: new ScriptedForwarder(), maxBitrate: 2_500_000 } }).signIn(
      'alice@contoso.example',
    );
    expect(sharing()).toEqual(['true', 'Desktop', '2500']);
  });

  it('2.1: writes presencePolicyV2 as a list of properties', () => {
    expect(subscribe(['presencePolicyV2']).final.body).toContain(
      '<provisionGroup name="presencePolicyV2"><propertyEntryList><property name="EnablePrivacyMode">False</property>',
    );
  });

  it('2: a change of policy is told at once to who keeps the subscription, and holds for a refresh', () => {
    const dialog = subscribe(['ServerConfiguration', 'meetingPolicy']);
    home.home.accounts.setPolicy(alice.aor, { conferences: false, meetingSize: 5 });
    const notices = [alice.expect('BENOTIFY')];
    const last = notices.at(-1) as SipMessage;
    expect(last.raw('cseq')).toBe('2 BENOTIFY');
    expect(setting(last, 'ServerConfiguration', 'focusFactoryUri')).toBeUndefined();
    expect(setting(last, 'meetingPolicy', 'meetingSize')).toBe('5');
    const refreshed = alice.inDialog(dialog, 'SUBSCRIBE', { headers: [event, ...lyncAbilities] }).final;
    expect(setting(refreshed, 'meetingPolicy', 'meetingSize')).toBe('5');
  });

  it('2: a change of another person’s policy is nobody else’s business', () => {
    subscribe(['meetingPolicy']);
    home.home.accounts.setPolicy(person('bob@contoso.example'), { meetingSize: 5 });
    home.home.accounts.setProfile(alice.aor, { title: 'Manager' });
    expect(alice.incoming).toEqual([]);
  });

  it("PRV-5: another person's is refused (403)", () => {
    const answer = subscribe(['ServerConfiguration'], '0', 'sip:bob@contoso.example').final;
    expect([answer.status, answer.header('ms-diagnostics')]).toEqual([403, expect.stringMatching(/^2004;/)]);
    expect(answer.body).toBe('');
  });

  it('PRV-5: a body that cannot be read is refused (400)', () => {
    const contentType = 'application/vnd-microsoft-roaming-provisioning-v2+xml';
    const headers = [event, ...lyncAbilities];
    expect(alice.request('SUBSCRIBE', alice.aor, { headers, contentType, body: '<a' }).final.status).toBe(400);
  });
});
