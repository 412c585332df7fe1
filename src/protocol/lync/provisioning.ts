import { MalformedBody } from '../malformed';
import { attribute, childrenOf, formatXml, parseXml, xml } from '../xml';

/** In-band provisioning ([MS-SIPREGE], `lync-wire` 2): event `vnd-microsoft-provisioning-v2`. */
export const provisioningType = 'application/vnd-microsoft-roaming-provisioning-v2+xml';
export const provisioningEvent = 'vnd-microsoft-provisioning-v2';

const requestNamespace = 'http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist';
const answerNamespace = 'http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification';

/** One group of settings. `properties`: written as a `propertyEntryList` instead of flat elements. */
export interface ProvisionGroup {
  name: string;
  settings: ReadonlyMap<string, string>;
  properties?: boolean;
}

export function formatProvisioningRequest(names: readonly string[]): string {
  const groups = names.map((name) => xml('provisioningGroup', { name }));
  return formatXml(xml('provisioningGroupList', { xmlns: requestNamespace }, ...groups));
}

/** The names of the groups asked for. */
export function parseProvisioningRequest(text: string): string[] {
  const root = parseXml(text, 'provisioningGroupList');
  if (root.name !== 'provisioningGroupList') throw new MalformedBody('provisioningGroupList', `found ${root.name}`);
  return childrenOf(root, 'provisioningGroup').flatMap((group) => attribute(group, 'name') ?? []);
}

export function formatProvisioning(groups: readonly ProvisionGroup[]): string {
  const elements = groups.map(({ name, settings, properties }) => {
    const entries = [...settings].map(([key, value]) =>
      properties ? xml('property', { name: key }, value) : xml(key, {}, value),
    );
    return xml('provisionGroup', { name }, ...(properties ? [xml('propertyEntryList', {}, ...entries)] : entries));
  });
  return formatXml(xml('provisionGroupList', { xmlns: answerNamespace }, ...elements));
}

/** Groups by name; both forms of a group read alike. */
export function parseProvisioning(text: string): Map<string, ReadonlyMap<string, string>> {
  const root = parseXml(text, 'provisionGroupList');
  if (root.name !== 'provisionGroupList') throw new MalformedBody('provisionGroupList', `found ${root.name}`);
  const groups = new Map<string, ReadonlyMap<string, string>>();
  for (const group of childrenOf(root, 'provisionGroup')) {
    const settings = new Map<string, string>();
    for (const element of group.children) {
      if (element.name !== 'propertyEntryList') settings.set(element.name, element.text.trim());
      for (const property of childrenOf(element, 'property')) {
        settings.set(attribute(property, 'name') ?? '', property.text.trim());
      }
    }
    groups.set(attribute(group, 'name') ?? '', settings);
  }
  return groups;
}
