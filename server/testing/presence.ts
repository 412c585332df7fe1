import { formatBatchSubscribe } from '../../src/protocol/lync/batchSubscribe';
import { noteNode, parseCategories, parseNote, parseState, stateNode } from '../../src/protocol/lync/categories';
import { formatPublish, type Publication } from '../../src/protocol/lync/publish';
import { formatRoamingRequest, parseRoamingData } from '../../src/protocol/lync/roamingSelf';
import { parseBody } from '../../src/protocol/sip/multipart';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import type { XmlNode } from '../../src/protocol/xml';
import type { SipMessage } from '../codec';
import type { HeaderLines } from '../role';
import type { Exchange, TestEndpoint } from './endpoint';

/** What a Lync client says of itself in every SUBSCRIBE (`lync-wire` 3.1). */
export const lyncAbilities: HeaderLines = [
  ['Supported', 'com.microsoft.autoextend'],
  ['Supported', 'ms-benotify'],
  ['Proxy-Require', 'ms-benotify'],
  ['Supported', 'ms-piggyback-first-notify'],
];

export const batchType = 'application/msrtc-adrl-categorylist+xml';
const categories = ['state', 'note', 'contactCard'];

/** The body of a batch SUBSCRIBE, for the first one and those in its dialog. */
export function batchOf(watcher: Aor, people: readonly Aor[], action: 'subscribe' | 'unsubscribe' = 'subscribe') {
  return { contentType: batchType, body: formatBatchSubscribe(watcher, { action, resources: people, categories }, 1) };
}

export function watch(watcher: TestEndpoint, ...people: Aor[]): Exchange {
  return watcher.request('SUBSCRIBE', watcher.aor, {
    headers: [['Event', 'presence'], ['Require', 'adhoclist, categoryList'], ...lyncAbilities],
    ...batchOf(watcher.aor, people),
  });
}

/** Publishes; what is not said of a publication is that of a machine state in container 2. */
export function publish(endpoint: TestEndpoint, ...publications: Partial<Publication<XmlNode>>[]): SipMessage {
  const whole = publications.map((publication) => ({
    category: 'state',
    instance: 0x3000_0001,
    container: 2,
    version: 0,
    expireType: 'endpoint' as const,
    expiresSeconds: null,
    content: null,
    ...publication,
  }));
  return endpoint.request('SERVICE', endpoint.aor, {
    contentType: 'application/msrtc-category-publish+xml',
    body: formatPublish(endpoint.aor, whole),
  }).final;
}

export const machine = (availability: number) => stateNode({ type: 'machineState', availability });
export const picked = (availability: number) => stateNode({ type: 'userState', manual: true, availability });

/** A picked status, to be published. */
export function pick(container: number, availability: number) {
  return { instance: 0x2000_0000, container, expireType: 'static' as const, content: picked(availability) };
}

/** The personal note, to be published. */
export function note(container: number, text: string) {
  return { category: 'note', instance: 0, container, expireType: 'static' as const, content: noteNode(text) };
}

export function subscribeSelf(endpoint: TestEndpoint, sections = ['categories', 'containers', 'subscribers']) {
  return endpoint.request('SUBSCRIBE', endpoint.aor, {
    headers: [['Event', 'vnd-microsoft-roaming-self'], ...lyncAbilities],
    contentType: 'application/vnd-microsoft-roaming-self+xml',
    body: formatRoamingRequest(sections),
  });
}

export const selfIn = (message: SipMessage) => parseRoamingData(message.body);

export interface Told {
  who: Aor;
  categories: string[];
  availability?: number;
  activity?: string;
  lastActive?: string;
  note?: string;
}

/** What a message says of each person, in the order of its documents. */
export function toldIn(message: SipMessage): Told[] {
  return parseBody(message.header('content-type') ?? '', message.body)
    .filter(({ contentType }) => contentType === 'application/msrtc-event-categories+xml')
    .map(({ body }) => toldOf(body));
}

function toldOf(body: string): Told {
  const { aor, categories: told } = parseCategories(body);
  const content = (name: string) => told.find((one) => one.name === name)?.content ?? null;
  const [stateContent, noteContent] = [content('state'), content('note')];
  const state = stateContent && parseState(stateContent);
  return {
    who: aor,
    categories: told.map(({ name }) => name),
    ...(state === null ? {} : { availability: state.availability }),
    ...(state?.activity !== undefined && 'token' in state.activity ? { activity: state.activity.token } : {}),
    ...(state?.lastActive === undefined ? {} : { lastActive: state.lastActive }),
    ...(noteContent === null ? {} : { note: parseNote(noteContent) }),
  };
}

export function person(address: string): Aor {
  const aor = aorOf(address);
  if (aor === null) throw new Error(`not an address: ${address}`);
  return aor;
}
