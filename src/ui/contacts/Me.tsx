import { ChevronDown12Regular, Edit16Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { useOwnStatusText } from '../words/usePresenceText';
import { StatusMenu } from './StatusMenu';
import './me.css';

/** The person at the top of the column: status and note, both changed in place. */
export function Me() {
  const aor = useApp((state) => state.account?.aor);
  const name = useApp((state) => (state.account === null ? '' : nameOf(state, state.account.aor)));
  const status = useOwnStatusText();
  if (aor === undefined) return null;
  return (
    <section className="me" aria-label="You" data-region>
      <div className="me__top">
        <Face aor={aor} size={56} />
        <div className="me__text">
          <strong className="me__name ellipsis">{name}</strong>
          <StatusMenu>
            <button type="button" className="me__status" aria-label={`Your status: ${status}`}>
              <span className="ellipsis">{status}</span>
              <ChevronDown12Regular aria-hidden="true" />
            </button>
          </StatusMenu>
        </div>
      </div>
      <Note />
    </section>
  );
}

const longestNote = 500;

/** "What is happening today?": saved on Enter or when it loses the focus, given up on Escape. */
function Note() {
  const commands = useCommands();
  const note = useApp((state) => state.self.note);
  const canNote = useApp((state) => state.capabilities.notes);
  const [draft, setDraft] = useState<string | null>(null);
  if (!canNote && note === '') return null;
  if (draft === null) {
    return (
      <button
        type="button"
        className="note"
        disabled={!canNote}
        onClick={() => setDraft(note)}
        aria-label={note === '' ? 'Add a note' : `Your note: ${note}`}
      >
        <span className={`note__text${note === '' ? ' note__text--empty' : ''}`} dir="auto">
          {note === '' ? 'What is happening today?' : note}
        </span>
        <Edit16Regular aria-hidden="true" />
      </button>
    );
  }
  const leave = (field: HTMLTextAreaElement) => {
    // The button that takes the field's place has the focus, as the field had.
    const place = field.closest('.me');
    setDraft(null);
    requestAnimationFrame(() => place?.querySelector<HTMLElement>('.note')?.focus());
  };
  const save = () => {
    setDraft(null);
    if (draft.trim() !== note) void orSay(commands.setNote(draft));
  };
  return (
    <div className="note note--editing">
      <textarea
        className="note__field"
        aria-label="Your note"
        placeholder="What is happening today?"
        dir="auto"
        rows={2}
        maxLength={longestNote}
        value={draft}
        ref={(field) => {
          if (field !== null && field !== document.activeElement) field.focus();
        }}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Escape') leave(event.currentTarget);
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            save();
            leave(event.currentTarget);
          }
        }}
      />
      <span className="note__keys" aria-hidden="true">
        Enter saves, Esc leaves it as it was
      </span>
    </div>
  );
}
