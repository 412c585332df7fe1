import type { Failure, Outcome } from '../domain/failure';
import { failed } from '../domain/failure';
import { parseDiagnostics } from '../protocol/sip/headers';

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
}

/** Answers a request, once. `headers` are whole lines: `Supported: ms-text-format`. */
export type SipReply = (status: number, reason: string, headers?: readonly string[], content?: Content) => void;

export function requestOf(message: Jssip.IncomingRequest): SipRequest {
  return {
    ...headersOf(message),
    method: message.method,
    uri: message.ruri.toString(),
    callId: message.call_id,
    fromTag: message.from_tag ?? '',
    toTag: message.to_tag ?? '',
  };
}

export function responseOf(message: Jssip.IncomingResponse): SipResponse {
  return { ...headersOf(message), status: message.status_code, reason: message.reason_phrase };
}

function headersOf(message: Jssip.IncomingMessage): Headers {
  return {
    header: (name) => message.getHeader(name),
    headers: (name) => message.getHeaders(name),
    contentType: message.getHeader('Content-Type') ?? '',
    body: message.body ?? '',
  };
}

/** What a refusal says: the status, and the first of the diagnostics headers that is there ([MS-OCER] §2.2). */
export function failureOf(response: SipResponse): Failure {
  const text =
    response.header('ms-diagnostics') ??
    response.header('ms-diagnostics-public') ??
    response.header('ms-client-diagnostics');
  const diagnostics = text === undefined ? null : parseDiagnostics(text);
  const retryAfter = Number.parseInt(response.header('Retry-After') ?? '', 10);
  return {
    is: 'rejected',
    status: response.status,
    reason: response.reason,
    ...(diagnostics === null ? {} : { diagnostics }),
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  };
}

/** A final answer as the outcome of a command. */
export function outcomeOf(response: SipResponse): Outcome<SipResponse> {
  return response.status < 300 ? { ok: true, value: response } : failed(failureOf(response));
}
