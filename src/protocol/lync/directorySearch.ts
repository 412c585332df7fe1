import { MalformedBody } from '../malformed';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, xml } from '../xml';
import { formatSoap, parseSoap } from './contactService';

/** A search in the directory: SERVICE `directorySearch` to the domain (`lync-wire` 3.3). */
export interface DirectoryQuery {
  /** What to look for, by attribute; ours asks `givenName` with what was typed, SIPE its own fields. */
  terms: ReadonlyMap<string, string>;
  maxResults: number;
}

export interface DirectoryRow {
  aor: Aor;
  displayName: string;
  title: string;
  department: string;
  company: string;
  email: string;
}

export interface DirectoryAnswer {
  rows: readonly DirectoryRow[];
  moreAvailable: boolean;
}

export function formatDirectoryQuery(query: DirectoryQuery): string {
  const rows = [...query.terms].map(([attrib, value]) => xml('m:row', { 'm:attrib': attrib, 'm:value': value }));
  return formatSoap(
    xml(
      'm:directorySearch',
      {},
      xml('m:filter', { 'm:href': '#searchArray' }, ...rows),
      xml('m:maxResults', {}, String(query.maxResults)),
    ),
  );
}

/** Reads the rows wherever they stand: inside the filter, or in an array beside it as SIPE writes them. */
export function parseDirectoryQuery(text: string): DirectoryQuery {
  const search = parseSoap(text);
  if (search.name !== 'directorySearch') throw new MalformedBody('directorySearch', `found ${search.name}`);
  const filter = child(search, 'filter');
  const terms = new Map<string, string>();
  for (const row of filter === undefined ? [] : childrenOf(filter, 'row')) {
    const name = attribute(row, 'attrib');
    const value = attribute(row, 'value');
    if (name !== undefined && value !== undefined) terms.set(name, value);
  }
  const maxResults = Number(child(search, 'maxResults')?.text);
  return { terms, maxResults: Number.isInteger(maxResults) && maxResults > 0 ? maxResults : 100 };
}

export function formatDirectoryAnswer(answer: DirectoryAnswer): string {
  const rows = answer.rows.map((row) =>
    xml('m:row', {
      uri: row.aor,
      displayName: row.displayName,
      title: row.title,
      department: row.department,
      company: row.company,
      email: row.email,
    }),
  );
  return formatSoap(xml('m:Array', { moreAvailable: answer.moreAvailable }, ...rows));
}

export function parseDirectoryAnswer(text: string): DirectoryAnswer {
  const array = parseSoap(text);
  if (array.name !== 'Array') throw new MalformedBody('directorySearch', `found ${array.name}`);
  const rows = childrenOf(array, 'row').flatMap((row) => {
    const aor = aorOf(attribute(row, 'uri') ?? '');
    const text = (name: string): string => attribute(row, name) ?? '';
    return aor === null
      ? []
      : [
          {
            aor,
            displayName: text('displayName'),
            title: text('title'),
            department: text('department'),
            company: text('company'),
            email: text('email'),
          },
        ];
  });
  return { rows, moreAvailable: attribute(array, 'moreAvailable') === 'true' };
}
