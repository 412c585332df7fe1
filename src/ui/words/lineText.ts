import type { LineEvent, SharingStop } from '../../domain/message';
import type { Aor } from '../../protocol/sip/uri';
import { firstNameOf, nameOf } from '../../state/selectors';
import type { State } from '../../state/state';
import { failureText } from './failureText';
import { surfaceText } from './sharingText';

/** Around a name: Unicode's own marks, so that a name in another script cannot turn the sentence around it. */
const isolate = (name: string): string => `\u2068${name}\u2069`;

/** A system line as a sentence in the past tense; names stand between U+2068 and U+2069. */
export function lineText(state: State, event: LineEvent): string {
  const isMe = (aor: Aor): boolean => aor === state.account?.aor;
  const name = (aor: Aor): string => isolate(nameOf(state, aor));
  const who = (aor: Aor): string => (isMe(aor) ? 'You' : name(aor));
  switch (event.is) {
    case 'escalated':
      return event.added.length === 0
        ? `${who(event.by)} made this a conference`
        : `${who(event.by)} added ${listed(event.added.map(name))} and made this a conference`;
    case 'invited':
      return `${who(event.by)} added ${listed(event.added.map(name))}`;
    case 'started':
      return 'You started a conference';
    case 'joined':
      return `${who(event.who)} joined`;
    case 'left':
      return `${who(event.who)} left`;
    case 'removed':
      return `You removed ${name(event.who)}`;
    case 'declined':
      return `${name(event.who)} did not join. ${failureText(event.failure, firstNameOf(state, event.who))}`;
    case 'locked':
      return 'The conference was locked. Nobody else can join.';
    case 'unlocked':
      return 'The conference was unlocked';
    case 'youJoined':
      return event.history === 'all'
        ? 'You joined and see what was said before'
        : 'You joined. What was said before is not shown.';
    case 'youLeft':
      return 'You left';
    case 'youWereRemoved':
      return 'You were removed from this conference';
    case 'ended':
      return 'The conference ended';
    case 'sharingStarted':
      return `${who(event.who)} started sharing${event.surface === null ? '' : ` ${surfaceText(event.surface)}`}`;
    case 'sharingStopped':
      return stoppedText(who(event.who), event.why);
    case 'sharingMissed':
      return `${who(event.who)} wanted to show you something`;
    case 'controlAsked':
      return `${who(event.who)} asked for control`;
    case 'controlGiven':
      return `${who(event.by)} gave ${isMe(event.to) ? 'you' : name(event.to)} control`;
    case 'controlRefused':
      return `${who(event.by)} did not give you control`;
    case 'controlEnded':
      return `${who(event.who)} ${isMe(event.who) ? 'have' : 'has'} no control any more`;
    case 'missed':
      return event.text === ''
        ? `You missed a conversation with ${name(event.from)}`
        : `You missed a conversation with ${name(event.from)}: “${event.text}”`;
  }
}

function stoppedText(who: string, why: SharingStop): string {
  switch (why) {
    case 'stopped':
      return `${who} stopped sharing`;
    case 'takenOver':
      return `${who} stopped sharing. Somebody else shares now.`;
    case 'unwatched':
      return 'Sharing ended. Nobody looks at it any more.';
    case 'lost':
      return `${who} stopped sharing. The connection was lost.`;
  }
}

/** `Dan, Samir and Mei-Ling`. */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
