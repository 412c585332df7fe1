import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf } from '../sip/uri';
import {
  attribute,
  child,
  childrenOf,
  formatXml,
  parseXml,
  textOf,
  toNode,
  type XmlElement,
  type XmlNode,
  xml,
} from '../xml';

/** Presence categories ([MS-PRES], `lync-wire` 4): what a person publishes and a watcher is told. */
export const categoriesType = 'application/msrtc-event-categories+xml';

const base = 'http://schemas.microsoft.com/2006/09/sip/';
export const categoriesNamespace = `${base}categories`;
const xsiNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

/** One category instance as a watcher sees it; `content` is `null` for "empty now" (PRS-6). */
export interface Category<Content = XmlNode> {
  name: string;
  instance: number | null;
  /** ISO time. */
  publishTime: string | null;
  content: Content | null;
}

/** A `categories` document of one person, as an element to be written alone or inside another. */
export function categoriesNode(aor: Aor, categories: readonly Category[]): XmlNode {
  const elements = categories.map(({ name, instance, publishTime, content }) =>
    xml('category', { name, instance: instance ?? undefined, publishTime: publishTime ?? undefined }, content),
  );
  return xml('categories', { xmlns: categoriesNamespace, uri: aor }, ...elements);
}

export function formatCategories(aor: Aor, categories: readonly Category[]): string {
  return formatXml(categoriesNode(aor, categories));
}

/**
 * A category as read: its element, so that `parseState` and its like can take it, or `contentNode` keep it as it is
 * (`calendarData` and whatever else we do not look into).
 */
export type ReadCategory = Category<XmlElement>;

/** Throws `MalformedBody` when nobody is named; categories without a name are left out. */
export function parseCategories(text: string): { aor: Aor; categories: ReadCategory[] } {
  const root = parseXml(text, 'categories');
  const aor = aorOf(attribute(root, 'uri') ?? '');
  if (root.name !== 'categories' || aor === null) throw new MalformedBody('categories', 'there is no uri');
  const categories = childrenOf(root, 'category').flatMap((element) => {
    const name = attribute(element, 'name');
    if (name === undefined) return [];
    const instance = parseNatural(attribute(element, 'instance'));
    const publishTime = attribute(element, 'publishTime') ?? null;
    return [{ name, instance, publishTime, content: element.children[0] ?? null }];
  });
  return { aor, categories };
}

/** The `state` category: machine, user, phone, calendar and aggregate states. */
export interface StateContent {
  /** `aggregateState`, `userState`, `machineState`, ... */
  type: string;
  availability: number;
  manual?: boolean;
  activity?: { token: string } | { custom: string };
  /** ISO time since when idle. */
  lastActive?: string;
}

export function stateNode(state: StateContent): XmlNode {
  const activity =
    state.activity === undefined
      ? null
      : 'token' in state.activity
        ? xml('activity', { token: state.activity.token })
        : xml('activity', {}, xml('custom', { LCID: 1033 }, state.activity.custom));
  return xml(
    'state',
    {
      xmlns: `${base}state`,
      'xmlns:xsi': xsiNamespace,
      manual: state.manual,
      lastActive: state.lastActive,
      'xsi:type': state.type,
    },
    xml('availability', {}, String(state.availability)),
    activity,
    state.type === 'aggregateState' ? null : xml('endpointLocation'),
  );
}

/** `null` when there is no availability in it. */
export function parseState(element: XmlElement): StateContent | null {
  const availability = parseNatural(textOf(element, 'availability'));
  if (availability === null) return null;
  const activity = child(element, 'activity');
  const token = activity === undefined ? undefined : attribute(activity, 'token');
  const custom = activity === undefined ? undefined : textOf(activity, 'custom');
  const lastActive = attribute(element, 'lastActive');
  const manual = attribute(element, 'manual');
  return {
    type: attribute(element, 'type') ?? '',
    availability,
    ...(manual === undefined ? {} : { manual: manual.toLowerCase() === 'true' }),
    ...(token ? { activity: { token } } : custom ? { activity: { custom } } : {}),
    ...(lastActive === undefined ? {} : { lastActive }),
  };
}

/** The `note` category: the personal note. */
export function noteNode(text: string): XmlNode {
  return xml('note', { xmlns: `${base}note` }, xml('body', { type: 'personal', uri: '' }, text));
}

export function parseNote(element: XmlElement): string {
  return textOf(element, 'body') ?? '';
}

/** The `contactCard` category. */
export interface CardContent {
  displayName: string;
  email: string;
  title: string;
  department: string;
  company: string;
  office: string;
  workPhone: string;
}

export function cardNode(card: CardContent): XmlNode {
  const optional = (name: string, value: string): XmlNode | null => (value === '' ? null : xml(name, {}, value));
  return xml(
    'contactCard',
    { xmlns: `${base}contactcard` },
    xml('identity', {}, xml('name', {}, xml('displayName', {}, card.displayName)), optional('email', card.email)),
    optional('company', card.company),
    optional('department', card.department),
    optional('title', card.title),
    optional('office', card.office),
    card.workPhone === ''
      ? null
      : xml(
          'phone',
          { type: 'work' },
          xml('uri', {}, `tel:${card.workPhone.replace(/[^+\d]/g, '')}`),
          xml('displayString', {}, card.workPhone),
        ),
  );
}

export function parseCard(element: XmlElement): CardContent {
  const identity = child(element, 'identity');
  const name = identity === undefined ? undefined : child(identity, 'name');
  const phone = childrenOf(element, 'phone').find((candidate) => attribute(candidate, 'type') === 'work');
  return {
    displayName: (name === undefined ? undefined : textOf(name, 'displayName')) ?? '',
    email: (identity === undefined ? undefined : textOf(identity, 'email')) ?? '',
    title: textOf(element, 'title') ?? '',
    department: textOf(element, 'department') ?? '',
    company: textOf(element, 'company') ?? '',
    office: textOf(element, 'office') ?? '',
    workPhone: (phone === undefined ? undefined : textOf(phone, 'displayString')) ?? '',
  };
}

/** The `device` category of an endpoint. */
export function deviceNode(aor: Aor, endpointId: string, machineName: string): XmlNode {
  const kind = (name: string, can: boolean): XmlNode => xml(name, { capture: can, render: can, publish: false });
  return xml(
    'device',
    { xmlns: `${base}device`, endpointId },
    xml(
      'capabilities',
      { preferred: false, uri: aor },
      kind('text', true),
      kind('gifInk', false),
      kind('isfInk', false),
    ),
    xml('machineName', {}, machineName),
  );
}

/** Which endpoint a `device` category is of, and what it calls itself. */
export function parseDevice(element: XmlElement): { endpointId: string; machineName: string } {
  return { endpointId: attribute(element, 'endpointId') ?? '', machineName: textOf(element, 'machineName') ?? '' };
}

/** Keeps what a client published as it is, to be told to watchers. */
export function contentNode(element: XmlElement): XmlNode {
  return toNode(element);
}
