import { useEffect, useRef } from 'react';
import type { Conversation } from '../../domain/conversation';
import type { Invitation } from '../../domain/facts';
import type { ConversationId } from '../../domain/ids';
import { nameOf, titleOf, unreadTotal } from '../../state/selectors';
import type { State } from '../../state/state';
import { preferences } from '../preferences';
import { useApp, useLedger } from '../useApp';
import { type Navigation, useNavigation } from './navigation';

const inSight = 'confab-in-sight';
const productName = 'Confab';
const titleAfterMs = 250;

/** What tells of news while the window is out of sight: the count in its title, and notifications if they are wanted. */
export function Attention() {
  const waiting = useApp((state) => unreadTotal(state) + Object.keys(state.invitations).length);
  useTitle(waiting === 0 ? productName : `(${waiting}) ${productName}`);
  useInSight();
  useNotifications();
  return null;
}

/** A moment later: what is read as soon as it comes does not flicker there, and does not wait for the browser's own work on it. */
function useTitle(title: string): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      document.title = title;
    }, titleAfterMs);
    return () => clearTimeout(timer);
  }, [title]);
  useEffect(
    () => () => {
      document.title = productName;
    },
    [],
  );
}

/** Held by every tab that is seen, so that the others know. */
function useInSight(): void {
  useEffect(() => {
    let release: (() => void) | null = null;
    const follow = () => {
      release?.();
      release = null;
      if (document.visibilityState !== 'visible') return;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      navigator.locks?.request(inSight, { mode: 'shared' }, () => held).catch(() => undefined);
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      release?.();
    };
  }, []);
}

async function isAnyTabInSight(): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some(({ name }) => name === inSight);
}

function useNotifications(): void {
  const ledger = useLedger();
  const navigation = useRef<Navigation>(null);
  navigation.current = useNavigation();
  useEffect(() => {
    return ledger.subscribe((state, before) => {
      if (document.visibilityState === 'visible' || !preferences().notifies) return;
      if (state.conversations === before.conversations && state.invitations === before.invitations) return;
      for (const news of newsOf(state, before)) void notify(news, navigation);
    });
  }, [ledger]);
}

const invitationTexts = {
  im: 'Wants to talk to you',
  conference: 'Wants you in a conference',
  sharing: 'Wants to show you something',
};

interface News {
  tag: string;
  title: string;
  body: string;
  conversation: ConversationId | null;
}

function newsOf(state: State, before: State): News[] {
  const invitations = Object.values<Invitation>(state.invitations)
    .filter(({ id }) => before.invitations[id] === undefined)
    .map(({ id, from, text, is }): News => {
      const body = is === 'file' ? `Sends you ${text}` : text || invitationTexts[is];
      return { tag: id, title: nameOf(state, from), body, conversation: null };
    });
  const messages = Object.values<Conversation>(state.conversations)
    .filter(({ id, unread }) => unread > (before.conversations[id]?.unread ?? 0))
    .map(
      ({ id, party, preview }): News => ({ tag: id, title: titleOf(state, party), body: preview, conversation: id }),
    );
  return [...invitations, ...messages];
}

async function notify(news: News, navigation: { current: Navigation | null }): Promise<void> {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  if (await isAnyTabInSight()) return;
  // The tag makes one of the same news in several tabs, and of several messages of one conversation.
  const notification = new Notification(news.title, { body: news.body, tag: news.tag, icon: '/icon.svg' });
  notification.onclick = () => {
    window.focus();
    notification.close();
    if (news.conversation === null) return;
    navigation.current?.go('conversations');
    navigation.current?.open(news.conversation);
  };
}
