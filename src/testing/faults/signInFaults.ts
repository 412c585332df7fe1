import { headerOf, type SipMessage } from '../../protocol/sip/message';
import type { Fault } from './fault';
import {
  and,
  answerOf,
  answerTo,
  authenticated,
  event,
  type FaultyAnswer,
  fromServer,
  request,
  requestTo,
} from './wire';

const onFinalRegister =
  (answer: FaultyAnswer): Fault['inject'] =>
  ({ wire }) =>
    wire.answer(and(request('REGISTER'), authenticated), answer);

const diagnostics = (id: number, reason: string): string =>
  `ms-diagnostics: ${id};reason="${reason}";source="fe1.contoso.example"`;

/** The server ends the registration as soon as it sees the first SUBSCRIBE. */
const deregisters =
  (eventName: string, headers: readonly string[], then: 'refuses' | 'closes'): Fault['inject'] =>
  ({ wire }) => {
    const registers = new Map<string, SipMessage>();
    wire.add(request('REGISTER'), ({ message, name, text, up, down }) => {
      const isAgain =
        registers.get(name) !== undefined &&
        headerOf(message, 'Call-ID') !== headerOf(registers.get(name) as SipMessage, 'Call-ID');
      registers.set(name, message);
      if (isAgain && then === 'refuses') {
        return down(
          answerTo(message, { status: 403, reason: 'Forbidden', headers: [diagnostics(4141, 'User disabled')] }),
        );
      }
      up(text);
    });
    wire.add(request('SUBSCRIBE'), ({ message, name, down, close }) => {
      const register = registers.get(name);
      if (register !== undefined) {
        down(
          requestTo(register, 'NOTIFY', {
            headers: ['Event: registration-notify', 'subscription-state: terminated;expires=0', ...headers],
            contentType: 'text/registration-event',
            body: `deregistered;event=${eventName}`,
          }),
        );
      }
      if (then === 'closes') close(1000);
      else down(answerTo(message, { status: 403, reason: 'Forbidden' }));
    });
  };

const cutXml =
  '<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification"><provisionGroup name="ServerConfiguration"><focusFactoryUri>sip:alice@contoso.exa';

/** REGISTER and what is loaded after it. */
export const signInFaults: readonly Fault[] = [
  {
    id: 'bad-password',
    says: 'The server examined the credentials and rejected them: user name or password wrong.',
    causes: ['wrongPassword'],
    owners: ['you'],
    links: ['registration'],
    bench: { protocol: 'TLS' },
    password: 'not the password',
    inject: ({ wire, bench }) =>
      wire.answer(and(request('REGISTER'), authenticated), {
        status: 401,
        reason: 'Unauthorized',
        headers: [
          'WWW-Authenticate: NTLM realm="SIP Communications Service", targetname="fe1.contoso.example", version=4',
          `Date: ${new Date(bench.world.now()).toUTCString()}`,
          'ms-diagnostics: 1000;reason="Final handshake failed.";source="fe1.contoso.example";HRESULT="0xC3E93EC3(SIP_E_AUTH_UNAUTHORIZED)"',
        ],
      }),
  },
  {
    id: 'user-not-sip-enabled',
    says: 'The server serves the domain but has no SIP-enabled user alice@contoso.example.',
    causes: ['noSuchAccount'],
    owners: ['you', 'yourAdministrator'],
    links: ['registration'],
    inject: onFinalRegister({
      status: 404,
      reason: 'Not Found',
      headers: [diagnostics(4005, 'Destination URI either not enabled for SIP or does not exist.')],
    }),
  },
  {
    id: 'account-disabled-while-signed-in',
    says: 'The server signed her out because the administrator disabled the account.',
    causes: ['accountDisabled'],
    owners: ['yourAdministrator'],
    links: ['registration'],
    inject: deregisters('rejected', ['ms-diagnostics-public: 4141;reason="User disabled"'], 'refuses'),
  },
  {
    id: 'signed-in-elsewhere',
    says: 'The registration was taken away because the same endpoint signed in elsewhere (another tab, program or copied profile); event unregistered.',
    causes: ['signedInElsewhere'],
    owners: ['you'],
    links: ['registration'],
    inject: deregisters('unregistered', [], 'closes'),
  },
  {
    id: 'clock-skew',
    says: 'The clocks of computer and server differ by 47 minutes, more than authentication bears. The report should give the difference.',
    causes: ['clockWrong'],
    owners: ['you', 'device'],
    links: ['registration'],
    inject: ({ wire, bench }) => {
      const date = `Date: ${new Date(bench.world.now() - 47 * 60_000).toUTCString()}`;
      wire.alter(and(fromServer, answerOf('REGISTER', 401)), (text) =>
        text
          .replace(/^Date:.*$/m, '')
          .replace(/\r\n\r\n/, `\r\n${date}\r\n\r\n`)
          .replace(/\r\n\r\n(?=\S+:)/, '\r\n'),
      );
      wire.answer(and(request('REGISTER'), authenticated), {
        status: 403,
        reason: 'Forbidden',
        headers: [date, diagnostics(1013, 'Significant time skew detected during authentication')],
      });
    },
  },
  {
    id: 'remote-access-not-allowed',
    says: 'The account and password are good, but external access policy does not let this user sign in from outside.',
    causes: ['noRemoteAccess'],
    owners: ['yourAdministrator'],
    links: ['registration'],
    bench: { protocol: 'TLS' },
    inject: onFinalRegister({
      status: 403,
      reason: 'Forbidden',
      headers: [
        'ms-diagnostics-public: 4003;reason="From URI not enabled for remote access"',
        diagnostics(4003, 'From URI not enabled for remote access'),
      ],
    }),
  },
  {
    id: 'provisioning-xml-cut',
    says: "The server's configuration document is not well-formed XML (ends within focusFactoryUri), so no conference or relay address is known. 200 is not success here.",
    causes: ['serverDocumentUnreadable'],
    owners: ['yourAdministrator'],
    links: ['settings'],
    inject: ({ wire }) => {
      const calls = new Set<string>();
      wire.add(and(request('SUBSCRIBE'), event('vnd-microsoft-provisioning')), ({ message, text, up }) => {
        calls.add(headerOf(message, 'Call-ID') ?? '');
        up(text);
      });
      wire.alter(
        ({ from, message }) =>
          from === 'server' &&
          message.status === 200 &&
          calls.has(headerOf(message, 'Call-ID') ?? '') &&
          message.body !== '',
        (text) => `${text.slice(0, text.indexOf('\r\n\r\n') + 4)}${cutXml}`,
      );
    },
  },
  {
    id: 'proxy-lacks-ms-benotify',
    says: 'A proxy on the way does not know the Microsoft extension ms-benotify that the client demanded; server and dialect do not match.',
    causes: ['extensionUnknown'],
    owners: ['program', 'yourAdministrator'],
    links: ['settings'],
    inject: ({ wire }) =>
      wire.answer(request('SUBSCRIBE'), {
        status: 420,
        reason: 'Bad Extension',
        headers: ['Unsupported: ms-benotify', 'Server: kamailio (5.7.4 (x86_64/linux))'],
      }),
  },
  {
    id: 'contact-list-not-well-formed',
    says: 'The contact list arrived but is not well-formed XML: an unescaped & in the group name "R&D". The list is not empty and not lost.',
    causes: ['serverDocumentUnreadable'],
    owners: ['yourAdministrator'],
    links: ['subscriptions'],
    inject: ({ wire }) => {
      const calls = new Set<string>();
      wire.add(and(request('SUBSCRIBE'), event('vnd-microsoft-roaming-contacts')), ({ message, text, up }) => {
        calls.add(headerOf(message, 'Call-ID') ?? '');
        up(text);
      });
      wire.alter(
        ({ from, message }) =>
          from === 'server' &&
          message.status === 200 &&
          calls.has(headerOf(message, 'Call-ID') ?? '') &&
          message.body !== '',
        (text) =>
          `${text.slice(0, text.indexOf('\r\n\r\n') + 4)}<contactList deltaNum="12"><group id="1" name="~" externalURI=""/><group id="2" name="R&D" externalURI=""/><contact uri="bob@contoso.example" name="" groups="1 2" subscribed="true" externalURI=""/></contactList>`,
      );
    },
  },
  {
    id: 'roaming-self-database-down',
    says: 'The front end failed internally while giving her own presence data; only this subscription is struck, so her own status cannot be published.',
    causes: ['serverFailed'],
    owners: ['yourAdministrator'],
    links: ['subscriptions'],
    inject: ({ wire }) =>
      wire.answer(and(request('SUBSCRIBE'), event('vnd-microsoft-roaming-self')), {
        status: 500,
        reason: 'Server Internal Error',
        headers: [diagnostics(0, 'Server internal error.')],
      }),
  },
];
