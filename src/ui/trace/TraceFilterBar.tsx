import { Menu, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ChevronDown12Regular, ErrorCircle12Regular } from '@fluentui/react-icons';
import { useMemo } from 'react';
import { type Filter, without } from '../../trace/filter';
import type { TraceDialog } from '../../trace/row';
import type { NameOf } from '../words/bodyText';
import { preciseTimeText } from '../words/timeText';
import { dialogTitle } from '../words/traceText';
import { DialogLetter } from './DialogLetter';
import { MoreFilters } from './MoreFilters';
import type { TraceModel } from './traceModel';

/** The newest have chips, the ones before them a menu. */
const mostChips = 24;
/** And those before these are reached through one of their messages. */
const mostListed = 200;

interface TraceFilterBarProps {
  model: TraceModel;
  /** Of the model: what is read from it changes with it. */
  version: number;
  filter: Filter;
  nameOf: NameOf;
  onFilter(filter: Filter): void;
}

/** What of the trace is shown. */
export function TraceFilterBar({ model, version, filter, nameOf, onFilter }: TraceFilterBarProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const { failures, methods } = useMemo(() => summaryOf(model), [model, version]);
  const { dialogs } = model.index;
  const picked = filter.dialogs ?? new Set<TraceDialog>();
  const chips = dialogs.filter((dialog, at) => at >= dialogs.length - mostChips || picked.has(dialog));
  const older = dialogs
    .slice(0, -mostChips)
    .filter((dialog) => !picked.has(dialog))
    .toReversed();
  const toggle = (dialog: TraceDialog) => {
    const next = new Set(picked);
    if (!next.delete(dialog)) next.add(dialog);
    onFilter(next.size === 0 ? without(filter, 'dialogs') : { ...filter, dialogs: next });
  };
  const setMethod = (method: string) => onFilter(method === '' ? without(filter, 'method') : { ...filter, method });
  return (
    <fieldset className="tracefilter" aria-label="Filter">
      <button
        type="button"
        className="chip"
        aria-pressed={filter.failuresOnly === true}
        onClick={() => onFilter({ ...filter, failuresOnly: filter.failuresOnly !== true })}
      >
        <ErrorCircle12Regular aria-hidden="true" /> Errors only <b>{failures}</b>
      </button>
      <Menu
        checkedValues={{ method: [filter.method ?? ''] }}
        onCheckedValueChange={(_event, { checkedItems }) => setMethod(checkedItems[0] ?? '')}
      >
        <MenuTrigger disableButtonEnhancement>
          <button type="button" className={`chip${filter.method === undefined ? '' : ' chip--on'}`}>
            {filter.method ?? 'All methods'} <ChevronDown12Regular aria-hidden="true" />
          </button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItemRadio name="method" value="">
              All methods
            </MenuItemRadio>
            {methods.map((method) => (
              <MenuItemRadio key={method} name="method" value={method}>
                {method}
              </MenuItemRadio>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      <MoreFilters dialogs={dialogs} filter={filter} nameOf={nameOf} onFilter={onFilter} />
      <span className="tracefilter__divider" />
      {chips.map((dialog) => (
        <button
          key={dialog.letter}
          type="button"
          className="chip chip--dialog"
          aria-pressed={picked.has(dialog)}
          onClick={() => toggle(dialog)}
        >
          <DialogLetter dialog={dialog} /> {dialogTitle(dialog, nameOf)}
        </button>
      ))}
      {older.length > 0 && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <button type="button" className="chip">
              {older.length.toLocaleString('en')} older <ChevronDown12Regular aria-hidden="true" />
            </button>
          </MenuTrigger>
          <MenuPopover className="olderdialogs">
            <MenuList>
              {older.slice(0, mostListed).map((dialog) => (
                <MenuItem key={dialog.letter} icon={<DialogLetter dialog={dialog} />} onClick={() => toggle(dialog)}>
                  {dialogTitle(dialog, nameOf)}, {preciseTimeText(dialog.rows[0]?.entry.at ?? 0)}
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </fieldset>
  );
}

function summaryOf({ index }: TraceModel): { failures: number; methods: string[] } {
  const methods = new Set<string>();
  let failures = 0;
  for (const { isFailure, frame } of index.rows) {
    if (isFailure) failures += 1;
    if (frame.method !== '') methods.add(frame.method);
  }
  return { failures, methods: [...methods].sort() };
}
