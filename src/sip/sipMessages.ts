import type { Failure, Outcome } from '../domain/failure';
import { failed } from '../domain/failure';
import { toldBy } from '../domain/provenance';
import { type Diagnostics, parseDiagnostics, parseNameAddr, parseSeconds, parseWarning } from '../protocol/sip/headers';

/** A body with its media type. */
export interface Content {
  contentType: string;
  body: string;
}

interface Headers {
  /** The first value of a header, its name in any case. */
  header(name: string): string | undefined;
  /** All values, line by line. */
  headers(name: string): string[];
  /** As written, with parameters; `''` without a body. */
  readonly contentType: string;
  readonly body: string;
  /** Its number in the log; 0 when it is not logged. */
  readonly frame: number;
}

/** A request of somebody else, in our own words. */
export interface SipRequest extends Headers {
  readonly method: string;
  readonly uri: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag: string;
}

export interface SipResponse extends Headers {
  readonly status: number;
  readonly reason: string;
  /** The To tag: the dialog that a 2xx makes. */
  readonly toTag: string;
}

/** Answers a request, once. `headers` are whole lines: `Supported: ms-text-format`. */
export type SipReply = (status: number, reason: string, headers?: readonly string[], content?: Content) => void;

export function requestOf(message: Jssip.IncomingRequest, frame: number): SipRequest {
  return {
    ...headersOf(message, frame),
    method: message.method,
    uri: message.ruri.toString(),
    callId: message.call_id,
    fromTag: message.from_tag ?? '',
    toTag: message.to_tag ?? '',
  };
}

export function responseOf(message: Jssip.IncomingResponse, frame: number): SipResponse {
  return {
    ...headersOf(message, frame),
    status: message.status_code,
    reason: message.reason_phrase,
    toTag: message.to_tag ?? '',
  };
}

function headersOf(message: Jssip.IncomingMessage, frame: number): Headers {
  return {
    header: (name) => message.getHeader(name),
    headers: (name) => message.getHeaders(name),
    contentType: message.getHeader('Content-Type') ?? '',
    body: message.body ?? '',
    frame,
  };
}

/** What a refusal says: its status, its diagnostics, and when to come back. */
export function failureOf(response: SipResponse): Failure {
  const diagnostics = diagnosticsOf(response);
  const retryAfterSeconds = parseSeconds(response.header('Retry-After'));
  return {
    is: 'rejected',
    status: response.status,
    reason: response.reason,
    ...(diagnostics === null ? {} : { diagnostics }),
    ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }),
    ...toldBy(response.frame),
  };
}

/** The first that is there of the diagnostics headers ([MS-OCER] §2.2) and their form of before 2007, `Warning`. */
function diagnosticsOf(response: SipResponse): Diagnostics | null {
  for (const name of ['ms-diagnostics', 'ms-diagnostics-public', 'ms-client-diagnostics']) {
    const text = response.header(name);
    const diagnostics = text === undefined ? null : parseDiagnostics(text);
    if (diagnostics !== null) return diagnostics;
  }
  const warning = parseWarning(response.header('Warning') ?? '');
  return warning === null ? null : { id: warning.code, reason: warning.text, source: warning.agent };
}

/** A final answer as the outcome of a command. */
export function outcomeOf(response: SipResponse): Outcome<SipResponse> {
  return response.status < 300 ? { ok: true, value: response } : failed(failureOf(response));
}

/** The endpoint that wrote a From or To (FRM-6); `''` when it says none. */
export function epidOf(address: string | undefined): string {
  return parseNameAddr(address ?? '')?.params.get('epid') ?? '';
}
