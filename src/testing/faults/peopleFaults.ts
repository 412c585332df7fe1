import { otherContacts } from '../../domain/ids';
import { headerOf } from '../../protocol/sip/message';
import type { Aor } from '../../protocol/sip/uri';
import { alice, bob, carol } from '../people';
import type { Fault } from './fault';
import { and, answerOf, contains, fromServer, request, requestTo } from './wire';

const from1 = 'source="fe1.contoso.example"';
/** An INVITE to oneself, at one's address or at an endpoint. */
const toOneself = request('INVITE', /^sip:alice@contoso\.example(?:;opaque=user:epid|$)/);
const toBob = request('INVITE', /^sip:bob@contoso\.example(?:$|;opaque=user)/);

/** Messages, conferences, contacts and other people. */
export const peopleFaults: readonly Fault[] = [
  {
    id: 'binding-expired-on-server',
    says: 'The server no longer holds her registration though it granted 7200 s: outgoing works, nothing can reach her.',
    causes: ['ownSignInNotFound', 'registrationExpired'],
    owners: ['yourAdministrator'],
    links: ['message', 'registration'],
    inject: ({ wire }) =>
      wire.answer(toOneself, {
        status: 480,
        reason: 'Temporarily Unavailable',
        headers: [`ms-diagnostics: 1007;reason="Temporarily cannot route.";${from1}`],
      }),
    // Nobody writes to oneself but the doctor.
    happens: async (scene) => {
      await scene.diagnosed();
      return /^SIP\/2\.0 480/;
    },
  },
  {
    id: 'url-filter-606',
    says: "The server's IM filter refused the content (link or file policy); the peer never saw it.",
    causes: ['contentForbidden'],
    owners: ['yourAdministrator'],
    links: ['message'],
    inject: ({ wire }) =>
      wire.answer(and(request('MESSAGE'), contains(/http|message to oneself/)), {
        status: 606,
        reason: 'Not Acceptable',
        headers: ['Warning: 309 lcs.microsoft.com "Message contents not allowed by policy"'],
      }),
    happens: async (scene) => {
      await scene.talksWithBob();
      await scene.writes(bob, 'see http://wiki.contoso.example/x');
      return /^SIP\/2\.0 606/;
    },
  },
  {
    id: 'lost-200-to-message',
    says: 'The answer was lost, not necessarily the message: delivery is unknown for Bob, proven for the self-message.',
    causes: ['answerNotReturned'],
    owners: ['yourAdministrator'],
    links: ['message'],
    inject: ({ wire }) => wire.drop(and(fromServer, answerOf('MESSAGE'))),
    happens: async (scene) => {
      await scene.talksWithBob();
      await scene.writes(bob, 'did it arrive?', 34_000);
      return /^MESSAGE [\s\S]*did it arrive/;
    },
  },
  {
    id: 'conference-creation-forbidden',
    says: 'Conferencing policy does not let this user create meetings; she may still be able to join those of others.',
    causes: ['conferencesForbidden'],
    owners: ['yourAdministrator'],
    links: ['conference'],
    inject: ({ wire }) =>
      wire.answer(and(request('SERVICE', 'conf:focusfactory'), contains('addConference')), {
        status: 403,
        reason: 'Forbidden',
        headers: [`ms-diagnostics: 3014;reason="Failed authorization.";${from1}`],
      }),
    happens: async (scene) => {
      await scene.signIn();
      void scene.a.client.meetNow();
      await scene.bench.elapse(1_000);
      return /^SIP\/2\.0 403/;
    },
  },
  {
    id: 'peer-do-not-disturb',
    says: "Bob's own client refused because he is busy / in Do Not Disturb; he is online and the way to him works.",
    causes: ['doNotDisturb'],
    owners: ['peer'],
    links: [],
    inject: ({ wire }) => wire.answer(toBob, { status: 486, reason: 'Busy Here', epid: '02b8d5e3fa' }),
    happens: async (scene) => {
      await scene.signIn();
      await scene.writes(bob, 'a minute?');
      return /^SIP\/2\.0 486/;
    },
  },
  {
    id: 'peer-cannot-take-content',
    says: "Bob's program does not take this format; it accepts plain text only.",
    causes: ['peerCannotShowIt'],
    owners: ['peer'],
    links: [],
    inject: ({ wire }) =>
      wire.answer(
        and(request('MESSAGE'), contains('formatted')),
        { status: 415, reason: 'Unsupported Media Type', headers: ['Accept: text/plain'] },
        1,
      ),
    happens: async (scene) => {
      await scene.talksWithBob();
      await scene.writes(bob, 'formatted');
      return /^SIP\/2\.0 415/;
    },
  },
  {
    id: 'sharing-offer-malformed-sdp',
    says: "Bob's offer is defective (m= line without a port, empty fingerprint); our 488 is only the consequence.",
    causes: ['theirOfferBroken'],
    owners: ['peer'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      const sdp = [
        'v=0',
        'o=- 1 1 IN IP4 0.0.0.0',
        's=-',
        't=0 0',
        'm=video UDP/TLS/RTP/SAVPF 96',
        'a=fingerprint:sha-256',
        '',
      ].join('\r\n');
      scene.wire.alter(
        and(fromServer, request('INVITE'), contains('m=message')),
        (text) => `${text.slice(0, text.indexOf('\r\n\r\n') + 4)}${sdp}`,
        1,
      );
      await scene.signIn();
      const bobs = await scene.peer(bob);
      void bobs.im.send(bobs.im.thread(alice, 'k1'), { id: 'i1' as never, body: { text: 'x' } });
      await scene.bench.elapse(1_000);
      return /^SIP\/2\.0 488/;
    },
  },
  {
    id: 'lost-ack-at-im-mcu',
    says: 'The MCU never got the ACK for the session it accepted and gave it up; proven by repeated 200s.',
    causes: ['ourAckLost'],
    owners: ['yourAdministrator'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      let callId = '';
      scene.wire.add(
        and(request('INVITE', 'conf:chat'), ({ name }) => name === 'alice'),
        ({ message, text, up }) => {
          callId = headerOf(message, 'Call-ID') ?? '';
          up(text);
        },
        1,
      );
      const isOf: typeof fromServer = ({ message }) => headerOf(message, 'Call-ID') === callId;
      scene.wire.drop(and(request('ACK'), isOf));
      scene.wire.add(
        and(fromServer, answerOf('INVITE', 200), isOf),
        ({ message, text, down }) => {
          down(text);
          for (const ms of [500, 1_500, 3_500, 7_500, 11_500, 15_500]) scene.bench.world.after(ms, () => down(text));
          const bye = { headers: ['Reason: SIP;cause=408;text="ACK not received"'] };
          scene.bench.world.after(32_000, () => down(requestTo(message, 'BYE', bye)));
        },
        1,
      );
      await scene.signIn();
      void scene.a.client.meetNow();
      await scene.bench.elapse(34_000);
      return /^INVITE \S+conf:chat/;
    },
  },
  {
    id: 'contact-change-on-stale-list',
    says: 'The list was changed from elsewhere and this client worked on an old version (12 against 14; the gap shows in prevDeltaNum).',
    causes: ['contactListChanged'],
    owners: ['nobody', 'program'],
    links: [],
    inject: ({ wire }) =>
      wire.answer(and(request('SERVICE'), contains('setContact')), { status: 409, reason: 'Conflict' }, 1),
    happens: async (scene) => {
      await scene.signIn();
      void scene.a.client.addContact(carol, otherContacts);
      await scene.bench.elapse(3_000);
      return /^SIP\/2\.0 409/;
    },
  },
  {
    id: 'publication-version-conflict',
    says: 'Another of her endpoints published meanwhile; the version sent (4) was stale, current is 7. Harmless once repeated.',
    causes: ['publicationChanged'],
    owners: ['nobody', 'program'],
    links: [],
    inject: ({ wire }) =>
      wire.answer(
        and(request('SERVICE'), contains('instance="536870912"')),
        {
          status: 409,
          reason: 'Conflict',
          contentType: 'application/msrtc-fault+xml',
          body: '<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode><details><operation index="1" version="4" curVersion="7"/></details></Fault>',
        },
        1,
      ),
    happens: async (scene) => {
      await scene.signIn();
      void scene.a.client.setStatus('busy');
      await scene.bench.elapse(1_000);
      return /^SIP\/2\.0 409/;
    },
  },
  {
    id: 'roster-notify-malformed',
    says: 'One roster document of the focus is not well formed and was not applied, so the roster is stale from version 4 on.',
    causes: ['serverDocumentUnreadable'],
    owners: ['yourAdministrator'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      const { id } = await scene.meetsBob();
      scene.wire.alter(
        ({ from, name, message }) =>
          from === 'server' &&
          name === 'alice' &&
          (headerOf(message, 'Content-Type') ?? '').includes('conference-info'),
        (text) => text.replace(/<\/display-text>/, ''),
        1,
      );
      await scene.peer(carol);
      void scene.a.client.invite(id, [carol]);
      await scene.bench.elapse(2_000);
      return undefined;
    },
  },
  {
    id: 'removed-by-presenter',
    says: 'Alice was removed from the meeting by a presenter; it goes on for the others.',
    causes: ['removedFromConference'],
    owners: ['peer'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      const { bobs, focus } = await scene.comesToBob();
      // Says no more than its documents do.
      scene.wire.alter(
        and(fromServer, ({ name }) => name === 'alice', contains(/^(?:ms-diagnostics|Reason)/im)),
        (text) => text.replace(/^(?:ms-diagnostics(?:-public)?|Reason):.*\r\n/gim, ''),
      );
      void bobs.conferences.remove(focus, alice);
      await scene.bench.elapse(2_000);
      return undefined;
    },
  },
  {
    id: 'meeting-already-ended',
    says: 'That conference no longer exists at the focus (ended, expired, or the link is mistyped).',
    causes: ['noSuchConference'],
    owners: ['you', 'peer'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      await scene.signIn();
      const made = scene.a.client.meetNow();
      await scene.bench.elapse(1_000);
      const outcome = await made;
      if (!outcome.ok) throw new Error('no conference');
      void scene.a.client.leaveConference(outcome.value);
      await scene.bench.elapse(1_000);
      scene.wire.answer(request('INVITE', 'conf:focus:'), {
        status: 404,
        reason: 'Not Found',
        headers: [`ms-diagnostics: 3012;reason="Invalid conference URI.";${from1}`],
      });
      void scene.a.client.rejoin(outcome.value);
      await scene.bench.elapse(1_000);
      return undefined;
    },
  },
  {
    id: 'meeting-full',
    says: 'The meeting has reached its allowed number of participants; the focus refused the join.',
    causes: ['conferenceFull'],
    owners: ['yourAdministrator', 'peer'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      await scene.signIn();
      scene.wire.answer(request('INVITE', 'conf:focus:'), {
        status: 480,
        reason: 'Temporarily Unavailable',
        headers: ['Warning: 399 fe1.contoso.example "Conference is full: 3 of 3 participants"'],
      });
      void scene.a.client.meetNow();
      await scene.bench.elapse(1_000);
      return undefined;
    },
  },
  {
    id: 'answered-on-another-device',
    says: 'Alice answered on another of her devices; the 487 is normal, nothing failed and nothing was missed.',
    causes: ['answeredElsewhere'],
    owners: ['you', 'nobody'],
    links: [],
    inject: () => undefined,
    happens: async (scene) => {
      await scene.signIn();
      // Her other device takes it.
      const bobs = await scene.peer(bob);
      await scene.peer(alice);
      void bobs.im.send(bobs.im.thread(alice as Aor, 'k1'), { id: 'i1' as never, body: { text: 'who takes it?' } });
      await scene.bench.elapse(1_000);
      return /^CANCEL /;
    },
  },
];
