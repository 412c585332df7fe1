import { describe, expect, it } from 'vitest';
import { dataChannelSdp } from '../../testing/browserSdp';
import { MalformedBody } from '../malformed';
import { isFileSdp, labelFileAnswer, labelFileOffer, parseFileAnswer, parseFileOffer } from './fileSdp';

const browsers = dataChannelSdp('offr');
const file = { transfer: 'f-1', name: 'plan.pdf', size: 1_234_567, type: 'application/pdf' };
const offer = labelFileOffer(browsers, file);

describe('FTR-1 a file in SDP (RFC 5547)', () => {
  it('is added to what the browser wrote', () => {
    expect(offer).toBe(
      `${browsers}${[
        'a=sendonly',
        'a=file-selector:name:"plan.pdf" type:application/pdf size:1234567',
        'a=file-transfer-id:f-1',
        'a=file-disposition:attachment',
        '',
      ].join('\r\n')}`,
    );
    expect(parseFileOffer(offer)).toEqual(file);
    expect(labelFileOffer(offer, file)).toBe(offer);
  });

  it('is answered with the first byte that is wanted, counted from 1', () => {
    const answer = labelFileAnswer(browsers, { ...file, from: 65_536 });
    expect(answer).toContain('a=recvonly\r\n');
    expect(answer).toContain('a=file-range:65537-*\r\n');
    expect(parseFileAnswer(answer)).toEqual({ ...file, from: 65_536 });
    expect(labelFileAnswer(browsers, { ...file, from: 0 })).not.toContain('file-range');
    expect(parseFileAnswer(labelFileAnswer(browsers, { ...file, from: file.size })).from).toBe(file.size);
  });

  it.each(['a "b" 100%.txt', 'Übersicht 2026.docx', "it's.txt", '😀.png'])('carries the name %j', (name) => {
    // A quote is in no file name that we take: it is only written right.
    const written = labelFileOffer(browsers, { ...file, name });
    if (name.includes('"')) expect(() => parseFileOffer(written)).toThrow(MalformedBody);
    else expect(parseFileOffer(written)).toEqual({ ...file, name });
  });

  it('leaves out a type that is none', () => {
    const written = labelFileOffer(browsers, { ...file, type: 'application/pdf; x="y"' });
    expect(parseFileOffer(written).type).toBe('');
    expect(parseFileOffer(offer.replace('application/pdf', '<script>')).type).toBe('');
  });

  it('tells an offer of a file from others', () => {
    expect(isFileSdp(offer)).toBe(true);
    expect(isFileSdp(offer.replace('plan.pdf', '../plan.pdf'))).toBe(true);
    expect(isFileSdp(browsers)).toBe(false);
    expect(isFileSdp('v=0\r\nm=message 9 TCP/MSRP *\r\na=file-selector:name:"a" size:1\r\n')).toBe(false);
  });
});

describe('FTR-2 refuses', () => {
  it.each([
    ['a path', offer.replace('plan.pdf', '../plan.pdf')],
    ['an escaped path', offer.replace('plan.pdf', '%2E%2E%2Fplan.pdf')],
    ['a name that hides its ending', offer.replace('plan.pdf', 'plan\u202efdp.exe')],
    ['broken escapes', offer.replace('plan.pdf', 'plan%zz')],
    ['no name', offer.replace('name:"plan.pdf" ', '')],
    ['no size', offer.replace('size:1234567', '')],
    ['half a byte', offer.replace('size:1234567', 'size:0.5')],
    ['less than nothing', offer.replace('size:1234567', 'size:-1')],
    ['more than there is', offer.replace('size:1234567', 'size:9999999999999999')],
    ['no id', offer.replace('a=file-transfer-id:f-1\r\n', '')],
    ['an id that is none', offer.replace('transfer-id:f-1', 'transfer-id:a b')],
    ['a wish to get one', offer.replace('sendonly', 'recvonly')],
    ['a camera beside it', `${offer}m=video 9 UDP/TLS/RTP/SAVPF 96\r\n`],
    ['a section that is off', offer.replace('m=application 9', 'm=application 0')],
    ['no SDP', 'plan.pdf'],
  ])('an offer with %s', (_what, sdp) => {
    expect(() => parseFileOffer(sdp)).toThrow(MalformedBody);
  });

  it.each(['0-*', '1234569-*', 'x', '-5', '9-x'])('an answer with the range %s', (range) => {
    const answer = labelFileAnswer(browsers, { ...file, from: 5 }).replace('6-*', range);
    expect(() => parseFileAnswer(answer)).toThrow(MalformedBody);
  });

  it('an answer that is an offer', () => {
    expect(() => parseFileAnswer(offer)).toThrow(MalformedBody);
  });
});
