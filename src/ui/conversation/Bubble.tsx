import { CheckmarkCircle16Regular, Clock16Regular, ErrorCircle16Filled, Warning16Filled } from '@fluentui/react-icons';
import { memo, type ReactElement } from 'react';
import type { Failure } from '../../domain/failure';
import type { ItemId } from '../../domain/ids';
import { isDiscardable, type Message, type TextEffect } from '../../domain/message';
import { firstNameOf, nameOf } from '../../state/selectors';
import { FaceButton } from '../people/FaceButton';
import { ExplainLink, targetOf } from '../trace/ExplainLink';
import type { TraceTarget } from '../trace/target';
import { useApp, useCommands } from '../useApp';
import { undeliveredText } from '../words/failureText';
import { timeText } from '../words/timeText';
import { Html } from './Html';
import { Linked } from './Linked';

interface BubbleProps {
  message: Message;
  head: boolean;
  /** Delivery is told under the last message of ours only, a failure under every one. */
  isLastOwn: boolean;
}

export const Bubble = memo(function Bubble({ message, head, isLastOwn }: BubbleProps) {
  const name = useApp((state) => nameOf(state, message.author));
  const { own, body, author, at, delivery } = message;
  const isTroubled = delivery.is === 'failed' || delivery.is === 'unconfirmed';
  return (
    <div
      className={`message${own ? ' message--own' : ''}${head ? ' message--head' : ''}`}
      data-message={message.id}
      tabIndex={-1}
    >
      {!own &&
        (head ? <FaceButton aor={author} presence={false} takesFocus={false} /> : <span className="message__gap" />)}
      <div className="message__body">
        {head && (
          <p className="message__who">
            {own ? <span className="sr-only">You, </span> : <strong className="ellipsis">{name}</strong>}{' '}
            <time>{timeText(at)}</time>
          </p>
        )}
        {!head && <span className="sr-only">{`${own ? 'You' : name}, ${timeText(at)}`}</span>}
        <div className={`bubble${isTroubled ? ' bubble--troubled' : ''}`}>
          {body.html === undefined ? (
            <p className="bubble__text" dir="auto">
              {(body.effects ?? []).reduce(withEffect, <Linked text={body.text} />)}
            </p>
          ) : (
            <Html html={body.html} />
          )}
        </div>
        {own && (isTroubled || isLastOwn) && <Delivery message={message} />}
      </div>
    </div>
  );
});

const tags: Record<TextEffect, 'b' | 'i' | 'u' | 's'> = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's' };

function withEffect(inner: ReactElement, effect: TextEffect): ReactElement {
  const Tag = tags[effect];
  return <Tag>{inner}</Tag>;
}

function Delivery({ message }: { message: Message }) {
  const commands = useCommands();
  const who = useApp((state) => {
    const { delivery } = message;
    if (delivery.is === 'failed' && delivery.recipient !== undefined) return firstNameOf(state, delivery.recipient);
    const party = state.conversations[message.conversation]?.party;
    return party?.is === 'pairwise' ? firstNameOf(state, party.peer) : 'the conference';
  });
  const { delivery } = message;
  switch (delivery.is) {
    case 'received':
      return null;
    case 'queued':
      return (
        <p className="delivery">
          <Clock16Regular aria-hidden="true" /> Waiting for the connection
        </p>
      );
    case 'sending':
      return (
        <p className="delivery delivery--sending">
          <span className="spinner spinner--small" aria-hidden="true" /> Sending…
        </p>
      );
    case 'sent':
      return (
        <p className="delivery">
          <CheckmarkCircle16Regular aria-hidden="true" /> Sent
        </p>
      );
    case 'failed':
    case 'unconfirmed':
      return (
        <div className={`delivery delivery--${delivery.is}`} role="alert">
          {delivery.is === 'failed' ? (
            <ErrorCircle16Filled aria-hidden="true" />
          ) : (
            <Warning16Filled aria-hidden="true" />
          )}
          <span>
            {undeliveredText(delivery.failure, who)}{' '}
            <button
              type="button"
              className="link delivery__retry"
              onClick={() => void commands.retry(message.conversation, message.id)}
            >
              Try again
            </button>
            <ExplainLink target={explanationOf(message.id, delivery.failure)} />
            {isDiscardable(message) && (
              <button
                type="button"
                className="link"
                onClick={() => void commands.discard(message.conversation, message.id)}
              >
                Delete
              </button>
            )}
          </span>
        </div>
      );
  }
}

/** What was never sent is in no trace. */
const sent: ReadonlySet<Failure['is']> = new Set<Failure['is']>(['rejected', 'timedOut', 'connectionLost']);

function explanationOf(id: ItemId, failure: Failure): TraceTarget | null {
  return targetOf(failure) ?? (sent.has(failure.is) ? { is: 'item', id } : null);
}
