import { formatAutodiscover, webSocketToken } from '../../protocol/lync/autodiscover';
import type { Aor } from '../../protocol/sip/uri';
import { bob } from '../people';
import type { Fault } from './fault';
import { and, answerOf, contains, fromServer, request } from './wire';

const notThere = { status: 404, text: '' };
const refusedBeforeOpen = ({ bench }: { bench: { greet: () => { code: number; reason: string } | null } }): void => {
  bench.greet = () => ({ code: 1006, reason: '' });
};

/** Finding the server, and the way to it. */
export const connectionFaults: readonly Fault[] = [
  {
    id: 'unknown-domain',
    says: 'No server can be found for the SIP domain of the address: the domain is mistyped or its discovery records do not exist.',
    causes: ['noServerFound'],
    owners: ['you', 'yourAdministrator'],
    links: ['discovery'],
    person: 'sip:alice@contosso.example' as Aor,
    isAutomatic: true,
    device: {
      pageOrigin: 'https://im.contoso.example',
      ask: async (url) => (url.startsWith('https://im.contoso.example') ? notThere : null),
    },
    inject: () => undefined,
  },
  {
    id: 'discovery-foreign-answer',
    says: 'Discovery gave the wrong server: one of another organisation, which does not serve contoso.example.',
    causes: ['serverOfAnotherDomain'],
    owners: ['yourAdministrator'],
    links: ['discovery'],
    isAutomatic: true,
    device: {
      ask: async (url) => {
        const links = [{ token: webSocketToken, href: 'wss://sip.fabrikam.example/' }];
        if (!url.startsWith('https://lyncdiscover.')) return notThere;
        return { status: 200, text: formatAutodiscover({ accessLocation: 'External', links }) };
      },
    },
    inject: ({ wire }) =>
      wire.answer(request('REGISTER'), {
        status: 404,
        reason: 'Not Found',
        headers: ['ms-diagnostics: 1005;reason="Cannot route to destination domain.";source="sip.fabrikam.example"'],
      }),
  },
  {
    id: 'certificate-refused',
    says: "No secure connection could be made: the browser refuses the server's certificate (not trusted / wrong name) or, what a page cannot tell apart, the port does not answer. Must put the certificate among the named causes and must say no SIP was ever sent.",
    causes: ['serverUnreachable', 'couldNotConnect', 'tlsRefused'],
    owners: ['yourAdministrator'],
    links: ['secureConnection'],
    device: {
      pageOrigin: 'https://im.contoso.example',
      ask: async (url) => (url.startsWith('https://im.contoso.example') ? notThere : null),
    },
    inject: refusedBeforeOpen,
  },
  {
    id: 'websocket-origin-refused',
    says: 'The server is reachable but refuses WebSockets from the address this page was loaded from; its list of allowed origins lacks it.',
    causes: ['originRefused'],
    owners: ['yourAdministrator'],
    links: ['webSocket'],
    device: {
      pageOrigin: 'https://im.contoso.example',
      ask: async (url) =>
        url.endsWith('/sip')
          ? { status: 403, text: 'origin https://im.contoso.example is not allowed' }
          : { status: 200, text: '' },
    },
    inject: refusedBeforeOpen,
  },
  {
    id: 'proxy-does-not-upgrade',
    says: 'Something between browser and SIP server speaks HTTP but does not pass the WebSocket upgrade.',
    causes: ['upgradeNotPassed'],
    owners: ['yourAdministrator', 'network'],
    links: ['webSocket'],
    device: {
      ask: async (url) =>
        url.endsWith('/sip') ? { status: 426, text: 'Upgrade Required' } : { status: 200, text: '' },
    },
    inject: refusedBeforeOpen,
  },
  {
    id: 'silent-connection',
    says: 'The connection is open but carries nothing: not one frame, not even a keep-alive answer, came back. A firewall, VPN or proxy drops the traffic or the path is dead.',
    causes: ['connectionSilent'],
    owners: ['network'],
    links: ['webSocket'],
    inject: ({ bench, wire }) => {
      bench.answersPings = false;
      wire.drop(() => true);
    },
    happens: async (scene) => {
      await scene.signIn();
      await scene.bench.elapse(33_000);
      return /^REGISTER /;
    },
  },
  {
    id: 'ntlm-server-signature-wrong',
    says: "The server's answer bears a signature that does not verify: it was altered on the way (edge, SBC rewriting a signed header) or comes from a server not holding the session key. The password was accepted.",
    causes: ['signatureWrong'],
    owners: ['yourAdministrator'],
    links: ['registration'],
    bench: { protocol: 'TLS' },
    inject: ({ wire }) =>
      wire.alter(and(fromServer, answerOf('REGISTER', 200)), (text) =>
        text.replace(
          /(rspauth="[0-9a-f]{8})([0-9a-f])/i,
          (_all, before: string, digit: string) => `${before}${digit === 'f' ? '0' : 'f'}`,
        ),
      ),
    happens: async (scene) => {
      await scene.signIn();
      await scene.bench.elapse(12_000);
      return undefined;
    },
  },
  {
    id: 'edge-does-not-trust-front-end',
    says: 'The edge cannot make a trusted TLS connection to the front end fe1; fault between two servers.',
    causes: ['certificateNotTrusted'],
    owners: ['yourAdministrator'],
    links: ['registration'],
    inject: ({ wire }) =>
      wire.answer(request('REGISTER'), {
        status: 504,
        reason: 'Server time-out',
        headers: [
          'ms-diagnostics: 1010;reason="Certificate trust with next-hop server could not be established.";ErrorType="The peer certificate is not chained off a trusted root";tls-target="fe1.contoso.example";source="edge1.contoso.example"',
        ],
      }),
  },
  {
    id: 'pool-unavailable',
    says: 'The front end is reached but its registrar cannot serve now (starting, draining or overloaded).',
    causes: ['registrarUnavailable'],
    owners: ['yourAdministrator'],
    links: ['registration'],
    inject: ({ wire }) =>
      wire.answer(request('REGISTER'), {
        status: 503,
        reason: 'Service Unavailable',
        headers: ['Retry-After: 60', 'ms-diagnostics: 1;reason="Service Unavailable";source="fe1.contoso.example"'],
      }),
  },
  {
    id: 'server-restarted-dialogs-gone',
    says: "The server restarted and forgot the conversation's dialog; the message was not delivered in the old one.",
    causes: ['serverStopping', 'routeGone'],
    owners: ['yourAdministrator', 'nobody'],
    links: [],
    inject: ({ wire }) =>
      wire.add(and(request('MESSAGE'), contains('restart now')), ({ close }) => close(1012, 'Service Restart'), 1),
    happens: async (scene) => {
      await scene.talksWithBob();
      await scene.writes(bob, 'restart now');
      await scene.bench.elapse(6_000);
      return undefined;
    },
  },
];
