import type { Failure } from '../../../domain/failure';
import type { SignInFailure } from '../../../domain/signIn';
import { failureText, signInFailureText } from '../failureText';

/** What an explanation says: what happened, why, and what to do, in order. */
export interface Said {
  title: string;
  why: string;
  todo: readonly string[];
}

/** The names that sentences are made with. */
export interface Named {
  /** First name or address of the other person; `the other person` where there is none. */
  who: string;
  /** The same at the beginning of a sentence. */
  Who: string;
  /** The other person's organization, by its domain. */
  domain: string;
  /** The host that refused, or `the server`. */
  host: string;
  Host: string;
  /** The host that it could not go on to, or `the next server`. */
  nextHost: string;
  /** The document that it is about, as `The contact list`. */
  Document: string;
  /** Names of SIP extensions; `''` where none are named. */
  unsupported: string;
  /** The server where the connection went. */
  server: string;
  /** What was tried, as `The invitation` or `Your message`. */
  What: string;
  /** ` It says: “…”`, or nothing. */
  said: string;
  waitedSeconds: number;
  retryAfterSeconds: number | null;
  skewMinutes: number;
  /** `480 Temporarily Unavailable` */
  code: string;
}

export type Sentence = (named: Named) => Said;

export const say =
  (title: string, why: string, ...todo: readonly string[]): Sentence =>
  () => ({ title, why, todo });

export const tryAgain = 'Try again.';
export const tellAdministrator = 'If it stays so, send this explanation to your administrator.';
export const sendTrace = 'Send the developers of this program the exported trace.';

/** The title that a bubble or a dialog gives the same failure, so that both say the same. */
export const titleOf = (failure: Failure, who?: string): string =>
  failureText(failure, who).split('. ', 1)[0]?.replace(/\.$/, '') ?? '';
export const refusalTitle = (status: number, who?: string): string =>
  titleOf({ is: 'rejected', status, reason: '' }, who);
export const signInTitle = (failure: SignInFailure): string => signInFailureText(failure).title;
export const upstreamTitle = (problem: Extract<SignInFailure, { is: 'upstream' }>['problem']): string =>
  signInTitle({ is: 'upstream', problem, detail: '' });
