import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { attribute, child, childrenOf, formatXml, parseXml, textOf, type XmlElement, xml } from '../xml';

/** The refusal of a SERVICE with stale versions: 409 with this body (`lync-wire` 4.4, PUB-3). */
export const faultType = 'application/msrtc-fault+xml';

export const wrongDelta = 'Client.BadCall.WrongDelta';

/** One refused operation; `index` counts from 1, `curVersion` is the one to use next time. */
export interface VersionConflict {
  index: number;
  version: number;
  curVersion: number;
}

export function formatFault(conflicts: readonly VersionConflict[]): string {
  const operations = conflicts.map(({ index, version, curVersion }) =>
    xml('operation', { index, version, curVersion }),
  );
  return formatXml(xml('Fault', {}, xml('Faultcode', {}, wrongDelta), xml('details', {}, ...operations)));
}

/** `version` is 0 where the server does not repeat it. Throws `MalformedBody` when an operation cannot be told. */
export function parseFault(text: string): { code: string; conflicts: VersionConflict[] } {
  const root = parseXml(text, 'Fault');
  if (root.name !== 'Fault') throw new MalformedBody('Fault', `found ${root.name}`);
  const details = child(root, 'details');
  const conflicts = (details === undefined ? [] : childrenOf(details, 'operation')).map((operation) => ({
    index: natural(operation, 'index'),
    version: parseNatural(attribute(operation, 'version')) ?? 0,
    curVersion: natural(operation, 'curVersion'),
  }));
  return { code: textOf(root, 'Faultcode') ?? '', conflicts };
}

function natural(element: XmlElement, name: string): number {
  const value = parseNatural(attribute(element, name));
  if (value === null) throw new MalformedBody('Fault', `${name} is no number`);
  return value;
}
