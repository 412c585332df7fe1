import type { Cause } from '../../../trace/explain/explain';
import { type Sentence, say, sendTrace, signInTitle, tellAdministrator, tryAgain, upstreamTitle } from './said';

const comesBack = 'Nothing: Confab connects again by itself, and messages wait until then.';
const overAndOver = 'If it happens often, send this explanation to your administrator.';

/** The connection to the server, and signing in over it. */
export const connectionWords = {
  edgeNotAllowed: ({ server }) => ({
    title: upstreamTitle('notAllowed'),
    why: `${server} connects browsers only to servers that its administrator has named, and this is none of them.`,
    todo: [
      'Check the server address in Sign-in, Manual.',
      'Or ask your administrator to add the server with --upstream.',
    ],
  }),
  edgeCannotReachServer: ({ server }) => ({
    title: upstreamTitle('unreachable'),
    why: `${server} was there, but behind it the server’s name is unknown, its port is closed, or there is no way to it.`,
    todo: [tryAgain, 'Ask your administrator to check the server’s address and the firewall behind the edge.'],
  }),
  edgeGotNoAnswer: ({ server }) => ({
    title: upstreamTitle('noAnswer'),
    why: `${server} waited six seconds for the server behind it.`,
    todo: [tryAgain, tellAdministrator],
  }),
  edgeTlsFailed: say(
    upstreamTitle('handshake'),
    'They have no version of TLS or no cipher in common. Old servers speak TLS 1.0 only.',
    'Ask your administrator to look at min-version and ciphers of the edge.',
  ),
  edgeCertificateRefused: say(
    upstreamTitle('certificate'),
    'It has expired, is for a different name, or was issued by somebody the edge does not know. Nothing was sent to that server.',
    'Ask your administrator to renew the certificate, or to give the edge the right certificate authority (ca, name).',
  ),
  edgeLostServer: say(
    upstreamTitle('lost'),
    'It closed the connection, fell silent, or sent what is not SIP.',
    comesBack,
    overAndOver,
  ),
  browserRefused: say(
    'Your browser refused to connect',
    'A page that came over https may not open an unencrypted connection, and pages may only go where their server allows.',
    'Check that the server address begins with wss://.',
    'Or open the page from the server itself.',
  ),
  connectTimedOut: ({ server }) => ({
    title: 'The server did not answer when connecting',
    why: `Nothing came from ${server} within eight seconds. The network swallows it, or the server is busy or off.`,
    todo: ['Check that other pages open.', tryAgain, tellAdministrator],
  }),
  keepAliveLost: ({ server }) => ({
    title: 'The connection had died without a word',
    why: `${server} did not answer a keep-alive within eight seconds. That is how it looks after sleep, a changed network, or a router that forgot the connection.`,
    todo: [comesBack],
  }),
  serverStopping: ({ server }) => ({
    title: 'The server was stopped or started anew',
    why: `${server} said so when it closed the connection.`,
    todo: [comesBack],
  }),
  serverOverloaded: ({ server }) => ({
    title: 'The server takes no more connections now',
    why: `${server} asked to come back later.`,
    todo: [comesBack, tellAdministrator],
  }),
  limitExceeded: ({ server }) => ({
    title: 'The server closed the connection for breaking a limit',
    why: `${server} allows only so many messages a second, or so long without signing in.`,
    todo: [comesBack, 'If it comes back, export the trace and send it to your administrator.'],
  }),
  frameTooLarge: say(
    'The connection was closed because a message was too large',
    'A single message must fit into the server’s limit, usually 1 MB.',
    'Send less at once.',
  ),
  webSocketMisspoken: say(
    'One side did not understand the other’s WebSocket',
    'Something between browser and server changes what passes, or one of the two has a bug.',
    'Ask your administrator whether a proxy looks into WebSocket connections.',
    sendTrace,
  ),
  serverBroke: ({ server }) => ({
    title: 'The server had an error and closed the connection',
    why: `${server} said so itself.`,
    todo: [comesBack, 'If it happens often, your administrator finds the reason in the server’s log at this time.'],
  }),
  tlsRefused: ({ server }) => ({
    title: 'No secure connection could be made',
    why: `Your browser and ${server} did not agree on TLS, or the certificate is not right. Your password was not sent.`,
    todo: ['Open the server’s address in a new tab: the browser says there what is wrong.', tellAdministrator],
  }),
  connectionLost: ({ server }) => ({
    title: 'The connection was cut',
    why: `It ended without a goodbye from ${server}: the network is gone, or the server died.`,
    todo: [comesBack, overAndOver],
  }),
  couldNotConnect: ({ server }) => ({
    title: signInTitle({ is: 'unreachable', url: '' }),
    why: `${server} cannot be found or reached, or its certificate is not trusted. A page is not told which.`,
    todo: [
      'Check that other pages open.',
      'Open the server’s address in a new tab: the browser says there what is wrong.',
    ],
  }),
  connectionClosed: ({ server }) => ({
    title: 'The server closed the connection',
    why: `${server} gave no reason that says more.`,
    todo: [comesBack, overAndOver],
  }),

  notEncrypted: ({ server }) => ({
    title: 'The connection is not encrypted',
    why: `What goes to ${server} can be read on the way, and changed. Only a server on the same computer needs no encryption.`,
    todo: ['Ask your administrator for an address that begins with wss://.'],
  }),

  noServerFound: say(
    signInTitle({ is: 'notFound' }),
    'Neither lyncdiscover nor host-meta of the domain, nor the page’s own server, names one.',
    'Check the part after the @.',
    'Or choose Manual and enter the server that your helpdesk gave you.',
  ),
  serverUnreachable: ({ server }) => ({
    title: signInTitle({ is: 'unreachable', url: '' }),
    why: `${server} cannot be found or reached, or its certificate is not trusted. A page is not told which. Nothing was sent to it.`,
    todo: [
      'Check that other pages open.',
      'Open the server’s address in a new tab: the browser says there what is wrong.',
      'If it is the certificate, ask your administrator for one that browsers trust, with this name in it.',
    ],
  }),
  notSip: ({ server }) => ({
    title: signInTitle({ is: 'notSip', url: '' }),
    why: `${server} belongs to another service, or to a proxy that does not let WebSockets through.`,
    todo: ['Check the server address with your helpdesk.'],
  }),
  originRefused: ({ server }) => ({
    title: signInTitle({ is: 'originRefused', url: '' }),
    why: `${server} is there and trusted, but opens no WebSocket for pages from the address that this one came from.`,
    todo: [
      'Ask your administrator to add the address of this page to the server’s allowed origins.',
      'Or open the page from the server itself.',
    ],
  }),
  upgradeNotPassed: ({ server }) => ({
    title: signInTitle({ is: 'notUpgraded', url: '' }),
    why: `${server} answers HTTP, and asks for an upgrade to WebSocket that this browser had sent: a proxy between the two dropped it.`,
    todo: [
      'Ask your administrator to let the proxy pass Upgrade and Connection, over HTTP/1.1, at this address.',
      'Until then try another network, or the server’s direct address.',
    ],
  }),
  connectionSilent: ({ server, waitedSeconds }) => ({
    title: 'The connection is open, but nothing comes through it',
    why: `Since it was opened, not even a keep-alive of ${server} came, for ${waitedSeconds} seconds. A firewall, a proxy or a VPN on the way swallows what passes, or what answers there does not speak SIP.`,
    todo: [
      'Try another network, or without a VPN.',
      'Ask whoever runs the network whether it filters WebSockets or drops idle connections.',
    ],
  }),
  signatureWrong: ({ server }) => ({
    title: 'The server’s answer was altered on the way',
    why: `Your password was accepted, but the signature of what ${server} sent does not hold, so it was dropped. Something between changed it, or another server answered.`,
    todo: [
      'Do not trust this connection; try another network.',
      'Ask your administrator what rewrites SIP between you and the server, and whether one server handles the whole sign-in.',
    ],
  }),
  serverOfAnotherDomain: ({ server, domain, said }) => ({
    title: `This is not the server of ${domain}`,
    why: `${server} was asked to sign you in and does not serve that domain: what names the server is wrong.${said}`,
    todo: [
      'Do not enter your password there again; enter the right server under Manual.',
      `Ask an administrator of ${domain} to correct what its discovery names (lyncdiscover, host-meta).`,
    ],
  }),
  ownSignInNotFound: ({ said }) => ({
    title: 'The server knows no sign-in of yours that it could reach',
    why: `It signed you in, and has lost that since: you can send, but nothing reaches you.${said}`,
    todo: [
      'Sign out and in again.',
      'Ask your administrator to look at the registrar: a restart, or servers that do not share sign-ins.',
    ],
  }),
  signedOutBefore: say(
    'The server had signed you out before',
    'What is refused or lost after that only follows from it.',
    'Look at why the sign-in ended.',
  ),
  wrongPassword: say(
    signInTitle({ is: 'refused' }),
    'The server asked who you are and did not accept the answer. It tells no stranger which of the two is wrong.',
    'Check both and try again.',
    'If it still fails, ask your helpdesk to reset your password.',
  ),
  challenged: say(
    'The server asked who you are',
    'That is how every sign-in begins. No answer followed here.',
    'Nothing, unless signing in fails.',
  ),
  accountDisabled: say(
    signInTitle({ is: 'disabled' }),
    'Your password was right, but the server lets this account in no more.',
    'Ask your administrator to enable the account.',
  ),
  signedInElsewhere: say(
    'You signed in somewhere else',
    'The server keeps one sign-in of this kind and ended this one.',
    'Close the other copy, or sign in here again to go on here.',
  ),
  movedToOtherPool: say(
    'Your account moved to another server',
    'The server ended the sign-in so that you sign in at your new home.',
    'Sign in again.',
  ),
  signedOutByServer: ({ said }) => ({
    title: 'The server signed you out',
    why: `The account was disabled, its password changed, or a limit reached.${said}`,
    todo: ['Sign in again.', 'If that fails, ask your administrator.'],
  }),
  clockWrong: ({ skewMinutes }) => ({
    title: 'The clock of this computer is wrong',
    why: `It differs from the server’s${skewMinutes > 0 ? ` by about ${skewMinutes} minutes` : ''}, and proofs of identity are good for five minutes only.`,
    todo: ['Set the clock of this computer to network time, then sign in again.'],
  }),
  throttled: ({ retryAfterSeconds }) => ({
    title: signInTitle({ is: 'throttled', retryAfterSeconds: 0 }),
    why: 'After several wrong passwords the server waits longer each time, so that nobody can try them all.',
    todo: [`Wait ${retryAfterSeconds ?? 'some'} seconds, then try again.`],
  }),
  noRemoteAccess: ({ said }) => ({
    title: 'Your account may not sign in from here',
    why: `It is not enabled for access from outside the company.${said}`,
    todo: ['Connect to the company’s network first.', 'Or ask your administrator for remote access.'],
  }),
  credentialsOfAnother: ({ said }) => ({
    title: 'The server did not let this sign-in speak for that address',
    why: `You are signed in as one address, and the message named another as its sender.${said}`,
    todo: ['Sign out and in again.', sendTrace],
  }),
  clientVersionRefused: ({ said }) => ({
    title: 'The server does not let this program in',
    why: `A client version rule of your organization refuses it.${said}`,
    todo: ['Ask your administrator to allow the user agent Confab in the client version policy.'],
  }),
  registrationExpired: say(
    'Your sign-in had run out',
    'It was not renewed in time, so the server did not know you any more.',
    'Sign out and in again.',
    'If the computer slept at that time, nothing else is wrong.',
  ),
  notSignedIn: say(
    'The server did not know that you are signed in',
    'On this connection nobody had proved who they are, or the server has forgotten it.',
    'Sign out and in again.',
    tellAdministrator,
  ),
  noSuchAccount: say(
    signInTitle({ is: 'unknownAddress' }),
    'The address is not enabled for this service, or it lives on another server.',
    'Check the sign-in address.',
    'Ask your administrator to enable it.',
  ),
  signInForbidden: ({ said }) => ({
    title: 'The server does not let you sign in',
    why: `It knows the address and refuses it.${said}`,
    todo: ['Ask your administrator.'],
  }),
  endpointIdRefused: ({ said }) => ({
    title: 'The server did not accept the id of this device',
    why: `Every device needs one of at most 16 characters.${said}`,
    todo: ['Choose “Forget me on this computer” in Settings and sign in again.', sendTrace],
  }),
  redirectedHome: say(
    'The server sent you to another one',
    'Your account lives on another server of the company, and this one named it.',
    'Nothing, if the sign-in goes on. Else enter that server under Manual.',
  ),
  registrationTooShort: say(
    'The server wants sign-ins that last longer',
    'It refused the time that was asked for and named a longer one.',
    sendTrace,
  ),
  serverFull: ({ retryAfterSeconds }) => ({
    title: signInTitle({ is: 'full' }),
    why: 'As many devices are signed in as it is made for.',
    todo: [
      retryAfterSeconds === null ? 'Try again in a few minutes.' : `Try again in ${retryAfterSeconds} seconds.`,
      tellAdministrator,
    ],
  }),
  registrarUnavailable: ({ code, said, Host, retryAfterSeconds }) => ({
    title: 'The server could not sign you in now',
    why: `${Host} has trouble itself (${code}).${said}`,
    todo: [
      retryAfterSeconds === null ? 'Try again in a few minutes.' : `Try again in ${retryAfterSeconds} seconds.`,
      tellAdministrator,
    ],
  }),
  registrarSilent: ({ server, waitedSeconds }) => ({
    title: 'The server did not answer the sign-in',
    why: `The connection was there, but ${server} said nothing in ${waitedSeconds} seconds. Perhaps it does not speak SIP.`,
    todo: ['Check the server address.', tellAdministrator],
  }),
  webTicketMissing: say(
    'The server wanted a web ticket',
    'This service is for those who have fetched one from the company’s web server first.',
    'Sign out and in again.',
    tellAdministrator,
  ),
} satisfies Partial<Record<Cause, Sentence>>;
