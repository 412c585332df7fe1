import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import {
  type DirectoryAnswer,
  formatDirectoryAnswer,
  formatDirectoryQuery,
  parseDirectoryAnswer,
  parseDirectoryQuery,
} from './directorySearch';

const envelope = (body: string) =>
  `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const rows = '<m:row m:attrib="givenName" m:value="bo"/><m:row m:attrib="sn" m:value="&lt;x&gt;"/>';
const terms = new Map([
  ['givenName', 'bo'],
  ['sn', '<x>'],
]);

describe('directorySearch', () => {
  it.each([
    [
      'beside the operation, as native clients write them',
      `<m:directorySearch><m:filter m:href="#searchArray"/><m:maxResults>25</m:maxResults></m:directorySearch><m:Array m:id="searchArray">${rows}</m:Array>`,
    ],
    [
      'inside the filter',
      `<m:directorySearch><m:filter>${rows}</m:filter><m:maxResults>25</m:maxResults></m:directorySearch>`,
    ],
  ])('3.3: reads rows %s', (_where, body) => {
    expect(parseDirectoryQuery(envelope(body))).toEqual({ terms, maxResults: 25 });
  });

  it('3.3: writes a query that it reads again', () => {
    const text = formatDirectoryQuery({ terms, maxResults: 25 });
    expect(text).toMatch(/<m:filter m:href="#searchArray"\/>.*<\/m:directorySearch><m:Array [^>]*m:id="searchArray"/);
    expect(parseDirectoryQuery(text)).toEqual({ terms, maxResults: 25 });
  });

  it.each(['', '<m:maxResults>0</m:maxResults>', '<m:maxResults>many</m:maxResults>'])(
    'asks for the usual number of results with %j',
    (results) => {
      const query = parseDirectoryQuery(envelope(`<m:directorySearch>${results}</m:directorySearch>`));
      expect(query).toEqual({ terms: new Map(), maxResults: 100 });
    },
  );

  const answer: DirectoryAnswer = {
    rows: [
      {
        aor: 'sip:bob@contoso.example' as Aor,
        displayName: 'Bob "B" Barends',
        title: 'Draughtsman',
        department: 'Design',
        company: 'Contoso',
        email: 'bob@contoso.example',
      },
    ],
    moreAvailable: true,
  };

  it('3.3: carries what was found, where native clients look for it', () => {
    const text = formatDirectoryAnswer(answer);
    expect(text).toMatch(/<SOAP-ENV:Body><m:directorySearch [^>]*><m:moreAvailable>true<\/m:moreAvailable>/);
    expect(text).toMatch(/<m:Array [^>]*><m:row uri="sip:bob@contoso.example" displayName=/);
    expect(parseDirectoryAnswer(text)).toEqual(answer);
  });

  it('CON-6: nothing found is an empty array, or none', () => {
    const empty = { rows: [], moreAvailable: false };
    expect(parseDirectoryAnswer(formatDirectoryAnswer(empty))).toEqual(empty);
    expect(parseDirectoryAnswer(envelope('<m:directorySearch/>'))).toEqual(empty);
  });

  it('leaves out a row whose address is none', () => {
    const text = envelope('<m:directorySearch/><m:Array><m:row displayName="x"/><m:row uri="tel:1"/></m:Array>');
    expect(parseDirectoryAnswer(text).rows).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['an empty body', envelope('')],
    ['another operation', envelope('<m:addGroup/>')],
    ['a cut document', formatDirectoryAnswer(answer).slice(0, -9)],
  ])('refuses %s', (_what, text) => {
    expect(() => parseDirectoryQuery(text)).toThrow(MalformedBody);
    expect(() => parseDirectoryAnswer(text)).toThrow(MalformedBody);
  });
});
