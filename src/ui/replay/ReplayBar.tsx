import { Button, Dropdown, Option, Slider } from '@fluentui/react-components';
import {
  Dismiss20Regular,
  History20Filled,
  Next20Regular,
  Pause20Regular,
  Play20Regular,
  Previous20Regular,
  Replay20Regular,
} from '@fluentui/react-icons';
import { useMemo } from 'react';
import { gistOf } from '../../trace/gist';
import type { Row } from '../../trace/row';
import { DialogLetter } from '../trace/DialogLetter';
import type { TraceTarget } from '../trace/target';
import { useNameOf } from '../trace/useNameOf';
import { preciseTimeText } from '../words/timeText';
import { gistText, noteText, rowTitle } from '../words/traceText';
import { type Player, type Speed, speeds } from './usePlayer';

interface ReplayBarProps {
  name: string;
  steps: readonly Row[];
  player: Player;
  onShow(target: TraceTarget): void;
  onClose(): void;
}

/** Over a recording: that it is one, where in it one is, and how to get elsewhere. */
export function ReplayBar({ name, steps, player, onShow, onClose }: ReplayBarProps) {
  const { position, isPlaying, isOnTheWay, speed, goTo, play, setSpeed } = player;
  const last = steps[position - 1];
  const time = last === undefined ? 'Before the first message' : preciseTimeText(last.entry.at);
  return (
    <header className="replaybar" data-region>
      <div className="replaybar__banner">
        <History20Filled aria-hidden="true" />
        <p className="replaybar__title">
          <strong>You look at a recording: {name}.</strong>{' '}
          <span>Nothing is sent, and nothing of yours is changed.</span>
        </p>
        <Button icon={<Dismiss20Regular />} aria-label="Close the recording" onClick={onClose}>
          <span className="replaybar__word">Close the recording</span>
        </Button>
      </div>
      <fieldset className="replaybar__player" aria-label="Player">
        <Button
          appearance="subtle"
          icon={<Replay20Regular />}
          aria-label="To the beginning"
          disabledFocusable={position === 0}
          onClick={() => goTo(0)}
        />
        <Button
          appearance="subtle"
          icon={<Previous20Regular />}
          aria-label="One message back"
          disabledFocusable={position === 0}
          onClick={() => goTo(position - 1)}
        />
        <Button
          appearance="primary"
          icon={isPlaying ? <Pause20Regular /> : <Play20Regular />}
          aria-label={isPlaying ? 'Pause' : 'Play'}
          onClick={() => play(!isPlaying)}
        />
        <Button
          appearance="subtle"
          icon={<Next20Regular />}
          aria-label="One message on"
          disabledFocusable={position >= steps.length}
          onClick={() => goTo(position + 1)}
        />
        <Dropdown
          className="replaybar__speed"
          aria-label="Speed"
          value={`${speed}×`}
          selectedOptions={[String(speed)]}
          onOptionSelect={(_event, { optionValue }) => setSpeed(Number(optionValue) as Speed)}
        >
          {speeds.map((one) => (
            <Option key={one} value={String(one)}>
              {`${one}×`}
            </Option>
          ))}
        </Dropdown>
        <Slider
          className="replaybar__slider"
          aria-label="Place in the recording"
          aria-valuetext={`Message ${position} of ${steps.length}, ${time}`}
          min={0}
          max={steps.length}
          value={position}
          onChange={(_event, { value }) => goTo(value)}
        />
        <span className="replaybar__place" role="status">
          {position.toLocaleString('en')} of {steps.length.toLocaleString('en')}
          {isOnTheWay && <span className="sr-only">, on the way</span>}
        </span>
      </fieldset>
      <p className="replaybar__message">
        {last === undefined ? time : <Message row={last} />}
        {last !== undefined && (
          <button type="button" className="link" onClick={() => onShow({ is: 'frame', frame: last.entry.seq })}>
            Show in trace
          </button>
        )}
      </p>
    </header>
  );
}

/** What was taken last. */
function Message({ row }: { row: Row }) {
  const nameOf = useNameOf();
  const { entry, dialog } = row;
  const about = useMemo(() => (dialog === null ? noteText(row) : gistText(gistOf(row), nameOf)), [row, dialog, nameOf]);
  return (
    <>
      <DialogLetter dialog={dialog} />
      <time>{preciseTimeText(entry.at)}</time>
      {dialog !== null && <span>{entry.direction === 'out' ? 'sent' : 'received'}</span>}
      <b>{rowTitle(row)}</b> <span className="ellipsis">{about}</span>
    </>
  );
}
