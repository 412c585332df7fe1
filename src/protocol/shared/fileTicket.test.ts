import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor, FocusUri } from '../sip/uri';
import {
  formatTicket,
  formatTicketRequest,
  parseTicket,
  parseTicketRequest,
  type Ticket,
  type TicketRequest,
} from './fileTicket';

const id = '0123456789abcdef0123456789abcdef';
const sha256 = 'a'.repeat(64);
const file = { name: "plan & 'draft'.pdf", size: 1_234_567, type: 'application/pdf', sha256 };
const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA' as FocusUri;
const upload: TicketRequest = { is: 'upload', to: { is: 'conference', focus }, file };
const ticket: Ticket = { id, ticket: 'secret_-1', lifetime: 3600, file, received: 42 };

describe('FIL-2 leave to use the file store', () => {
  it.each<TicketRequest>([
    upload,
    { is: 'upload', to: { is: 'peer', peer: 'sip:bob@contoso.example' as Aor }, file: { ...file, sha256: null } },
    { is: 'resume', id },
    { is: 'download', id },
  ])('writes and reads again the request %j', (request) => {
    expect(parseTicketRequest(formatTicketRequest(request))).toEqual(request);
  });

  it('writes and reads again the ticket, in an element that traces mask', () => {
    expect(parseTicket(formatTicket(ticket))).toEqual(ticket);
    expect(formatTicket(ticket)).toContain('<ticket lifetime="3600">secret_-1</ticket>');
  });

  it('a file may be larger than four gigabytes', () => {
    const large = { ...ticket, file: { ...file, size: 6_000_000_000 }, received: 5_000_000_000 };
    expect(parseTicket(formatTicket(large))).toEqual(large);
  });

  const text = formatTicketRequest(upload);
  it.each([
    ['nothing', ''],
    ['a cut document', text.slice(0, -3)],
    ['another document', '<upload/>'],
    ['no request', '<fileTicket/>'],
    ['another request', text.replaceAll('upload', 'steal')],
    ['nobody to give it to', text.replace(/<conference [^>]*>/, '')],
    ['a conference that is none', text.replace(':focus:', ':chat:')],
    ['a peer that is none', text.replace(/<conference [^>]*>/, '<peer uri="everybody"/>')],
    ['no file', text.replace(/<file [^>]*>/, '')],
    ['a path', text.replace('plan', '../plan')],
    ['no size', text.replace('1234567', 'much')],
    ['a size below nothing', text.replace('1234567', '-1')],
    ['a size beyond all disks', text.replace('1234567', '999999999999999999')],
    ['a SHA-256 that is none', text.replace(sha256, 'A'.repeat(64))],
    ['a file id that is a path', '<fileTicket><download id="../../etc/passwd"/></fileTicket>'],
    ['no file id', '<fileTicket><resume/></fileTicket>'],
  ])('refuses as a request %s', (_what, document) => {
    expect(() => parseTicketRequest(document)).toThrow(MalformedBody);
  });

  const answer = formatTicket(ticket);
  it.each([
    ['nothing', ''],
    ['no ticket', answer.replace(/<ticket.*<\/ticket>/, '')],
    ['an empty ticket', answer.replace('secret_-1', ' ')],
    ['no file', answer.replace(/<file [^>]*>/, '')],
    ['a path', answer.replace('plan', '../plan')],
  ])('refuses as a ticket %s', (_what, document) => {
    expect(() => parseTicket(document)).toThrow(MalformedBody);
  });
});
