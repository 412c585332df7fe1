import { MalformedBody } from '../malformed';
import { type Aor, aorOf, bareAddress } from '../sip/uri';
import { attribute, childrenOf, formatXml, parseXml, xml } from '../xml';

/** Answering those who watch us: SERVICE `setSubscribers` (`lync-wire` 4.7). */
export const subscribersType = 'application/msrtc-presence-setsubscriber+xml';

const namespace = 'http://schemas.microsoft.com/2006/09/sip/presence-subscribers';

export interface Acknowledgement {
  aor: Aor;
  acknowledged: boolean;
}

export function formatSetSubscribers(acknowledgements: readonly Acknowledgement[]): string {
  const subscribers = acknowledgements.map(({ aor, acknowledged }) =>
    xml('subscriber', { user: bareAddress(aor), acknowledged }),
  );
  return formatXml(xml('setSubscribers', { xmlns: namespace }, ...subscribers));
}

export function parseSetSubscribers(text: string): Acknowledgement[] {
  const root = parseXml(text, 'setSubscribers');
  if (root.name !== 'setSubscribers') throw new MalformedBody('setSubscribers', `found ${root.name}`);
  return childrenOf(root, 'subscriber').map((element) => {
    const aor = aorOf(attribute(element, 'user') ?? '');
    if (aor === null) throw new MalformedBody('setSubscribers', 'a user is no address');
    return { aor, acknowledged: attribute(element, 'acknowledged')?.toLowerCase() === 'true' };
  });
}
