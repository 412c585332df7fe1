import {
  Button,
  Checkbox,
  Field,
  Input,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Select,
} from '@fluentui/react-components';
import { Filter16Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { type Component, components } from '../../domain/logging';
import { type Filter, without } from '../../trace/filter';
import type { TraceDialog } from '../../trace/row';
import type { NameOf } from '../words/bodyText';
import { componentNames, dialogTitle } from '../words/traceText';

interface MoreFiltersProps {
  dialogs: readonly TraceDialog[];
  filter: Filter;
  nameOf: NameOf;
  onFilter(filter: Filter): void;
}

const kept = ['status', 'components', 'peer', 'conversation', 'from', 'to', 'repeats', 'level'] as const;

/** The narrower filters: by status, person, conversation and time; and what is left out else. */
export function MoreFilters(props: MoreFiltersProps) {
  const { filter, onFilter } = props;
  const count = kept.filter((name) => filter[name] !== undefined).length;
  return (
    <Popover trapFocus positioning="below-start">
      <PopoverTrigger disableButtonEnhancement>
        <button type="button" className={`chip${count > 0 ? ' chip--on' : ''}`}>
          <Filter16Regular aria-hidden="true" /> More{count > 0 && <b>{count}</b>}
        </button>
      </PopoverTrigger>
      <PopoverSurface className="morefilters" aria-label="More filters">
        <Fields {...props} />
        <Button disabled={count === 0} onClick={() => onFilter(without(filter, ...kept))}>
          Show all again
        </Button>
      </PopoverSurface>
    </Popover>
  );
}

function Fields({ dialogs, filter, nameOf, onFilter }: MoreFiltersProps) {
  const set = <Key extends keyof Filter>(key: Key, value: Filter[Key] | undefined) =>
    onFilter(value === undefined ? without(filter, key) : { ...filter, [key]: value });
  const conversations = new Map<string, TraceDialog>();
  for (const dialog of dialogs) {
    if (dialog.conversation !== '' && !conversations.has(dialog.conversation)) {
      conversations.set(dialog.conversation, dialog);
    }
  }
  const status = filter.status === undefined ? '' : filter.status < 10 ? `${filter.status}xx` : String(filter.status);
  return (
    <>
      <Field label="Status" hint="486, or 4xx for all of 400 to 499">
        <Typed value={status} onValue={(text) => set('status', statusIn(text))} />
      </Field>
      <Field label="Person" hint="An address, or a part of it">
        <Typed value={filter.peer ?? ''} onValue={(text) => set('peer', text === '' ? undefined : text)} />
      </Field>
      <Field label="Conversation">
        <Select
          value={filter.conversation ?? ''}
          onChange={(_event, { value }) => set('conversation', value === '' ? undefined : value)}
        >
          <option value="">All conversations</option>
          {[...conversations].map(([id, dialog]) => (
            <option key={id} value={id}>
              {dialogTitle(dialog, nameOf)} ({dialog.letter})
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Component">
        <Select
          value={[...(filter.components ?? [])][0] ?? ''}
          onChange={(_event, { value }) => set('components', value === '' ? undefined : new Set([value as Component]))}
        >
          <option value="">All components</option>
          {components.map((one) => (
            <option key={one} value={one}>
              {componentNames[one]}
            </option>
          ))}
        </Select>
      </Field>
      <div className="morefilters__times">
        <Field label="From">
          <Moment at={filter.from} onAt={(at) => set('from', at)} />
        </Field>
        <Field label="Until">
          <Moment at={filter.to} onAt={(at) => set('to', at)} />
        </Field>
      </div>
      <Checkbox
        label="Each message that was sent again"
        checked={filter.repeats === true}
        onChange={(_event, { checked }) => set('repeats', checked === true ? true : undefined)}
      />
      <Checkbox
        label="Keep-alives, and everything else that was logged"
        checked={filter.level === 'verbose'}
        onChange={(_event, { checked }) => set('level', checked === true ? 'verbose' : undefined)}
      />
    </>
  );
}

/** `486`, or `4xx` and `4` for a whole class; `undefined` where it is no status. */
function statusIn(text: string): number | undefined {
  const [, one, whole] = /^\s*(?:([1-6])(?:xx)?|([1-6]\d\d))\s*$/i.exec(text) ?? [];
  return one === undefined && whole === undefined ? undefined : Number(one ?? whole);
}

/** Keeps what is typed, also while it means nothing yet. */
function Typed({ value, onValue }: { value: string; onValue(value: string): void }) {
  const [text, setText] = useState(value);
  return (
    <Input
      value={text}
      spellCheck={false}
      onChange={(_event, data) => {
        setText(data.value);
        onValue(data.value.trim());
      }}
    />
  );
}

const msPerMinute = 60_000;

/** A time of day and date, to the second, in the time of this place. */
function Moment({ at, onAt }: { at: number | undefined; onAt(at: number | undefined): void }) {
  const local =
    at === undefined ? '' : new Date(at - new Date(at).getTimezoneOffset() * msPerMinute).toISOString().slice(0, 19);
  return (
    <Input
      type="datetime-local"
      step={1}
      value={local}
      onChange={(_event, { value }) => onAt(value === '' ? undefined : new Date(value).getTime())}
    />
  );
}
