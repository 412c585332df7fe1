import { beforeEach, describe, expect, it } from 'vitest';
import { formatDirectoryQuery, parseDirectoryAnswer } from '../src/protocol/lync/directorySearch';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';
import { person } from './testing/presence';

let home: TestHome;
let alice: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  const { accounts } = home.home;
  const work = { title: 'Software Engineer', department: 'Engineering', company: 'Contoso' };
  accounts.setProfile(person('bob@contoso.example'), { ...work, email: 'b.barends@contoso.example' });
  home.addPerson('anna-maria@contoso.example', 'Anna-María O’Neil');
  alice = home.signIn('alice@contoso.example');
});

function search(terms: Record<string, string>, maxResults = 20) {
  return alice.request('SERVICE', 'sip:contoso.example', {
    contentType: 'application/SOAP+xml',
    body: formatDirectoryQuery({ terms: new Map(Object.entries(terms)), maxResults }),
  }).final;
}

const found = (...words: Parameters<typeof search>) =>
  parseDirectoryAnswer(search(...words).body).rows.map(({ aor }) => aor.slice('sip:'.length, aor.indexOf('@')));

describe('directory', () => {
  it.each([
    ['the beginning of a first name', 'bo', ['bob']],
    ['the beginning of a last name', 'bare', ['bob']],
    ['both, in any order', 'bar bob', ['bob']],
    ['any case', 'BOB', ['bob']],
    ['no accents where the name has them', 'angstrom', ['alice']],
    ['accents where the name has none', 'cárol', ['carol']],
    ['a later part of a double name', 'maria', ['anna-maria']],
    ['the whole double name', 'anna-mar', ['anna-maria']],
    ['an address', 'bob@contoso', ['bob']],
    ['a part of another address', 'b.bar', ['bob']],
    ['a title', 'engineer soft', ['bob']],
    ['a department', 'engineering', ['bob']],
    ['a company', 'contoso bob', ['bob']],
    ['the middle of a word', 'arends', []],
    ['the domain of all addresses', 'example', []],
    ['a wildcard', '*', []],
    ['a wildcard behind a word', 'bo*', ['bob']],
    ['signs that addresses have', '@', []],
    ['a pattern', 'b.*', ['bob']],
    ['nothing', '   ', []],
    ['one word that fits and one that does not', 'bob carol', []],
    ['more words than anybody types', 'b b b b b b b b b', []],
  ])('3.3: finds by %s: %j', (_what, text, people) => {
    expect(found({ givenName: text })).toEqual(people);
  });

  it('3.3: takes the fields of a native client together', () => {
    expect(found({ givenName: 'bob', sn: 'barends' })).toEqual(['bob']);
    expect(found({ givenName: 'bob', sn: 'chen' })).toEqual([]);
  });

  it('3.3: answers with what the directory says', () => {
    expect(parseDirectoryAnswer(search({ givenName: 'bob' }).body)).toEqual({
      rows: [
        {
          aor: 'sip:bob@contoso.example',
          displayName: 'Bob Barends',
          title: 'Software Engineer',
          department: 'Engineering',
          company: 'Contoso',
          email: 'b.barends@contoso.example',
        },
      ],
      moreAvailable: false,
    });
  });

  it('3.3: says that there are more, by name', () => {
    for (let count = 0; count < 60; count += 1) home.addPerson(`x${count}@contoso.example`, `Xaver ${100 + count}`);
    const { rows, moreAvailable } = parseDirectoryAnswer(search({ givenName: 'xaver' }, 10).body);
    expect([rows.length, rows[0]?.displayName, moreAvailable]).toEqual([10, 'Xaver 100', true]);
    expect(found({ givenName: 'xaver' }, 1000)).toHaveLength(50);
  });

  it('CON-6: nobody found is 200 with an empty array', () => {
    const answer = search({ givenName: 'zebra' });
    expect([answer.status, answer.header('content-type')]).toEqual([200, 'application/SOAP+xml']);
    expect(parseDirectoryAnswer(answer.body)).toEqual({ rows: [], moreAvailable: false });
  });

  it('follows changes of the directory; who is disabled is not found', () => {
    const bob = person('bob@contoso.example');
    home.home.accounts.setProfile(bob, { displayName: 'Robert Barends' });
    expect(found({ givenName: 'robert' })).toEqual(['bob']);
    home.home.accounts.setDisabled(bob, true);
    expect(found({ givenName: 'robert' })).toEqual([]);
  });

  it('refuses more searches in a second than anybody types (503), from all endpoints together', () => {
    for (let count = 0; count < 20; count += 1) expect(search({ givenName: 'bob' }).status).toBe(200);
    alice = home.signIn('alice@contoso.example');
    const answer = search({ givenName: 'bob' });
    expect([answer.status, answer.header('retry-after')]).toEqual([503, '1']);
    home.clock.advance(1000);
    expect(search({ givenName: 'bob' }).status).toBe(200);
  });

  it.each([
    ['a damaged body', '<Envelope><Body>'],
    ['another operation', '<Envelope><Body><addGroup/></Body></Envelope>'],
  ])('answers %s with 400', (_what, body) => {
    const answer = alice.request('SERVICE', 'sip:contoso.example', { contentType: 'application/SOAP+xml', body }).final;
    expect(answer.status).toBe(400);
  });
});
