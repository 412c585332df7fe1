import type { Content } from './sipMessages';

interface Answer {
  status: number;
  reason: string;
  headers: readonly string[];
  content: Content | undefined;
}

/**
 * The text of an answer (RFC 3261 §8.2.6), with any body: JsSIP's own `reply` calls every body `application/sdp`. Our tag
 * and epid go into a To that has none (FRM-6).
 */
export function formatReply(request: Jssip.IncomingRequest, epid: string, answer: Answer): string {
  const { status, reason, headers, content } = answer;
  const body = content?.body.toWellFormed() ?? '';
  const lines = [
    `SIP/2.0 ${status} ${oneLine(reason)}`,
    ...request.getHeaders('Via').map((via) => `Via: ${via}`),
    ...(request.method === 'INVITE' ? request.getHeaders('Record-Route').map((route) => `Record-Route: ${route}`) : []),
    `From: ${request.getHeader('From')}`,
    `To: ${taggedTo(request, epid, status)}`,
    `Call-ID: ${request.call_id}`,
    `CSeq: ${request.cseq} ${request.method}`,
    ...headers.map(oneLine),
    ...(content === undefined ? [] : [`Content-Type: ${oneLine(content.contentType)}`]),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** `request.to_tag` is the tag that came, or the one that we have chosen for all answers to this request. */
function taggedTo(request: Jssip.IncomingRequest, epid: string, status: number): string {
  const to = request.getHeader('To') ?? '';
  if (status === 100 || !request.to_tag || to.includes(`=${request.to_tag}`)) return to;
  return `${to};tag=${request.to_tag};epid=${epid}`;
}

/** A line end inside a header would begin another header of its writer's choice. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}
