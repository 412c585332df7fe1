import type { Failure } from '../../domain/failure';
import type { SignInFailure, UpstreamProblem } from '../../domain/signIn';
import { sizeInWords } from '../../protocol/shared/sizeInWords';

/** What happened, and what to do about it. The only maker of sentences about failures. */
export interface FailureText {
  title: string;
  advice: string;
}

/** Why a sign-in stopped. */
export function signInFailureText(failure: SignInFailure): FailureText {
  switch (failure.is) {
    case 'refused':
      return {
        title: 'The address or the password is not right',
        advice: 'Check both and try again. If it still fails, ask your helpdesk to reset your password.',
      };
    case 'throttled':
      return {
        title: 'Too many attempts to sign in',
        advice: `Wait ${failure.retryAfterSeconds} seconds, then try again.`,
      };
    case 'disabled':
      return {
        title: 'Your account is disabled',
        advice: 'Your password was right. Ask your administrator to enable the account.',
      };
    case 'full':
      return {
        title: 'The server cannot take more people now',
        advice: 'Try again in a few minutes. If it stays so, tell your administrator.',
      };
    case 'unreachable':
      return {
        title: 'Could not connect to the server',
        advice:
          'The name, the network or the certificate may be the reason; a web page cannot tell which. Open the address below: your browser then shows what is wrong.',
      };
    case 'originRefused':
      return {
        title: 'The server does not let this page in',
        advice:
          'It opens no connection for pages from the address of this one. Tell your administrator, or open the page from the server itself.',
      };
    case 'notUpgraded':
      return {
        title: 'Something on the way does not let WebSockets through',
        advice:
          'The server is there, but a proxy before it passes plain HTTP only. Try another network, and tell your administrator.',
      };
    case 'unknownAddress':
      return {
        title: 'This address is not known here',
        advice: 'Check the address. If it is right, ask your helpdesk to enable it for this server.',
      };
    case 'upstream':
      return { title: upstreamTitles[failure.problem], advice: `Tell your helpdesk: ${failure.detail}.` };
    case 'notFound':
      return {
        title: 'Could not find a server for this address',
        advice:
          'Check the part after the @. If it is right, choose Manual and enter the server your helpdesk gave you.',
      };
    case 'notSip':
      return {
        title: 'Something answered, but it does not speak SIP',
        advice: 'The address may belong to another service. Check the server address with your helpdesk.',
      };
    case 'other':
      return { title: 'Could not sign in', advice: failureText(failure.failure) };
  }
}

const upstreamTitles: Record<UpstreamProblem, string> = {
  notAllowed: 'Your account is on a server that this site does not connect to',
  unreachable: 'This site could not connect to your server',
  noAnswer: 'Your server did not answer',
  handshake: 'This site and your server have no common way to encrypt',
  certificate: 'The certificate of your server cannot be trusted',
  lost: 'Your server closed the connection',
};

/** Why anything else did not happen, as one or two sentences. `who` is the first name of the other person, if there is one. */
export function failureText(failure: Failure, who = 'the other person'): string {
  switch (failure.is) {
    case 'rejected':
      return rejectionText(failure, who);
    case 'timedOut':
      return `${capital(who)} did not answer in time. It may have arrived.`;
    case 'connectionLost':
      return 'The connection was lost on the way. It may have arrived.';
    case 'offline':
      return 'You are not connected. Wait until you are back, then try again.';
    case 'malformed':
      return 'The answer could not be read. Look at it in Trace.';
    case 'unsupported':
      return `This is not possible here: ${failure.what}.`;
    case 'forbidden':
      return forbiddenText(failure);
    case 'invalid':
      return invalidTexts[failure.what];
    case 'file':
      return 'Something is wrong with the file. Send it again.';
    case 'storage':
      return 'This device would not store it. Free some space, or allow this site to store data.';
    case 'recording':
      return 'This is a recording: it can be looked at, and nothing is sent. Close it to do that.';
    case 'cancelled':
      return 'It was cancelled.';
    case 'internal':
      return 'Something went wrong in Confab itself. Reload the page and try again.';
  }
}

const invalidTexts = {
  address: 'That is no address of another person. It looks like name@company.example.',
  password: 'The new password needs at least 8 characters.',
  name: 'A name has 1 to 256 characters.',
  message: 'The message is empty or too long (64,000 characters at most).',
  file: 'That is no name of a file. Rename it, without any of / \\ : * ? " < > |.',
  server: 'That is no server address. It looks like server.company.example or server.company.example:443.',
};

function forbiddenText(failure: Extract<Failure, { is: 'forbidden' }>): string {
  if (failure.policy === 'conferences') return 'Your organization does not let you start conferences.';
  if (failure.policy === 'sharing') return 'Your organization does not let you share programs.';
  if (failure.policy === 'files') return 'Your organization does not let you send or receive files.';
  if (failure.policy === 'fileSize') return `The file is larger than your limit of ${sizeInWords(failure.limit ?? 0)}.`;
  if (failure.policy === 'fileEnding') {
    return 'Your organization does not let files of this kind be sent. Put it into an archive, or ask your helpdesk.';
  }
  if (failure.policy === 'role') return 'Only a presenter can do that.';
  return `Your organization allows at most ${failure.limit ?? 'a few'} people in this conference.`;
}

function rejectionText(failure: Extract<Failure, { is: 'rejected' }>, who: string): string {
  const name = capital(who);
  switch (failure.status) {
    case 404:
      return `There is no such person or conference any more.`;
    case 480:
    case 487:
      return sentenceOf(failure) ?? `${name} is unavailable or offline.`;
    case 486:
      return `${name} does not want to be disturbed.`;
    case 603:
      return `${name} declined.`;
    case 408:
      return `${name} did not answer.`;
    case 403:
      return sentenceOf(failure) ?? 'The server does not allow it.';
    case 409:
      return sentenceOf(failure) ?? 'It was changed elsewhere at the same time. Try again.';
    case 413:
    case 513:
      return 'It is too large for the server.';
    case 415:
    case 488:
      return `${name}'s program cannot show this kind of message.`;
    case 481:
      return 'The conversation had ended on the other side. Try again.';
    default:
      return sentenceOf(failure) ?? `The server answered: ${failure.reason || failure.status}.`;
  }
}

/** A message that was not delivered. For an offline person in Lync's own words. */
export function undeliveredText(failure: Failure, who: string): string {
  if (failure.is === 'rejected' && (failure.status === 480 || failure.status === 404)) {
    return `This message was not delivered to ${who} because this person is unavailable or offline.`;
  }
  if (failure.is === 'timedOut' || failure.is === 'connectionLost')
    return `Perhaps not delivered. ${failureText(failure, who)}`;
  return `Not delivered. ${failureText(failure, who)}`;
}

/** What the server says about it, as a sentence. */
function sentenceOf({ diagnostics }: Extract<Failure, { is: 'rejected' }>): string | undefined {
  const reason = diagnostics?.reason.trim() ?? '';
  if (reason === '') return undefined;
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
