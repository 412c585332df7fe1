import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, childrenOf, textOf, type XmlElement, xml } from '../xml';
import { formatSoap, parseSoapBody } from './contactService';

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

const usualResults = 100;

/** The rows stand in an array beside the operation, which points at it. */
export function formatDirectoryQuery(query: DirectoryQuery): string {
  const rows = [...query.terms].map(([attrib, value]) => xml('m:row', { 'm:attrib': attrib, 'm:value': value }));
  return formatSoap(
    xml(
      'm:directorySearch',
      {},
      xml('m:filter', { 'm:href': '#searchArray' }),
      xml('m:maxResults', {}, String(query.maxResults)),
    ),
    xml('m:Array', { 'm:id': 'searchArray' }, ...rows),
  );
}

/** Reads the rows wherever they stand: in the array, or inside the filter. */
export function parseDirectoryQuery(text: string): DirectoryQuery {
  const body = parseSoapBody(text);
  const search = searchIn(body);
  const terms = new Map<string, string>();
  for (const row of [...rowsIn(body, 'Array'), ...rowsIn([search], 'directorySearch', 'filter')]) {
    const name = attribute(row, 'attrib');
    const value = attribute(row, 'value');
    if (name !== undefined && value !== undefined) terms.set(name, value);
  }
  return { terms, maxResults: parseNatural(textOf(search, 'maxResults')) || usualResults };
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
  return formatSoap(
    xml('m:directorySearch', {}, xml('m:moreAvailable', {}, String(answer.moreAvailable))),
    xml('m:Array', {}, ...rows),
  );
}

/** Rows whose address is none are left out. CON-6: nothing found is an empty array, or none. */
export function parseDirectoryAnswer(text: string): DirectoryAnswer {
  const body = parseSoapBody(text);
  const rows = rowsIn(body, 'Array').flatMap((row) => {
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
  return { rows, moreAvailable: textOf(searchIn(body), 'moreAvailable')?.toLowerCase() === 'true' };
}

function searchIn(body: readonly XmlElement[]): XmlElement {
  const search = body.find(({ name }) => name === 'directorySearch');
  if (search === undefined) throw new MalformedBody('directorySearch', 'there is no directorySearch');
  return search;
}

/** The `row` elements at a path of element names. */
function rowsIn(elements: readonly XmlElement[], name: string, ...path: string[]): XmlElement[] {
  const found = elements.filter((element) => element.name === name);
  const [next, ...rest] = path;
  return found.flatMap((element) =>
    next === undefined ? childrenOf(element, 'row') : rowsIn(element.children, next, ...rest),
  );
}
