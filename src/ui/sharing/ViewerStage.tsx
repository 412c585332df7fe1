import { Button, Spinner, Tooltip } from '@fluentui/react-components';
import {
  Dismiss20Regular,
  FullScreenMaximize20Regular,
  FullScreenMinimize20Regular,
  PageFit20Regular,
  Speaker220Regular,
  WindowNew20Regular,
} from '@fluentui/react-icons';
import { useContext, useEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { PeerShare } from '../../domain/sharing';
import type { Tool } from '../../media/pointing';
import { firstNameOf, nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { LinkContext, useApp, useCommands } from '../useApp';
import { surfaceNoun, surfaceText } from '../words/sharingText';
import { Overlay } from './Overlay';
import { type Fit, Picture } from './Picture';
import { PopOut } from './PopOut';
import { QualityButton } from './Quality';
import { useSeen, useTabMedia } from './tabMedia';
import { useFullScreen } from './useFullScreen';
import { useWatch } from './useShare';
import { ViewerControl } from './ViewerControl';

/** What somebody else shows, beside the chat. */
export function ViewerStage({ id }: { id: ConversationId }) {
  const theirs = useApp((state) => state.sharing[id]?.theirs ?? null);
  return theirs === null ? null : <Theirs id={id} theirs={theirs} />;
}

function Theirs({ id, theirs }: { id: ConversationId; theirs: PeerShare }) {
  const { sharer, surface, isPaused, view } = theirs;
  const commands = useCommands();
  const name = useApp((state) => nameOf(state, sharer));
  const first = useApp((state) => firstNameOf(state, sharer));
  const stage = useRef<HTMLElement>(null);
  const [isFull, toggleFull] = useFullScreen(stage);
  const [fit, setFit] = useState<Fit>('fit');
  const [isOut, setIsOut] = useState(false);
  const [isSilenced, setIsSilenced] = useState(false);
  const [tool, setTool] = useState<Tool>('pointer');
  const hasControl = useApp((state) => theirs.controller !== null && theirs.controller === state.account?.aor);
  const seen = useSeen(id);
  // What is shown may have changed since the offer.
  const shown = seen?.surface ?? surface;
  const media = useTabMedia();
  useEffect(() => {
    media.seenElsewhere(id, isOut);
    return () => media.seenElsewhere(id, false);
  }, [media, id, isOut]);
  const isSeen = seen !== null && seen.stream.getVideoTracks().length > 0 && view.is === 'live';
  const picture = seen !== null && (
    <Picture
      stream={seen.stream}
      label={`What ${name} shows`}
      fit={fit}
      isSilent={isSilenced || !seen.hasSound}
      onSoundRefused={() => setIsSilenced(true)}
    >
      <Overlay id={id} tool={hasControl ? tool : null} />
    </Picture>
  );
  return (
    <section className="pane stage" aria-label="Shared by others" ref={stage} data-region>
      <div className={hasControl ? 'sharebar sharebar--control' : 'sharebar'} role="toolbar" aria-label="Sharing">
        <Face aor={sharer} size={24} presence={false} />
        <p className="sharebar__text ellipsis">
          {hasControl ? 'You have control of ' : ''}
          <b>{first}</b>
          {hasControl ? '’s ' : ' is sharing '}
          <b>{(hasControl ? surfaceNoun : surfaceText)(shown)}</b>
        </p>
        <span className="sharebar__line" />
        <ViewerControl
          id={id}
          theirs={theirs}
          surface={shown}
          canZoom={seen?.canZoom ?? false}
          tool={tool}
          onTool={setTool}
        />
        <span className="sharebar__line" />
        {isSilenced && (
          <Button appearance="subtle" icon={<Speaker220Regular />} onClick={() => setIsSilenced(false)}>
            Turn on sound
          </Button>
        )}
        <Tooltip content={fit === 'fit' ? 'Show at actual size' : 'Fit to window'} relationship="description">
          <Button
            className={fit === 'fit' ? 'is-pressed' : ''}
            appearance="subtle"
            icon={<PageFit20Regular />}
            aria-label="Fit to window"
            aria-pressed={fit === 'fit'}
            onClick={() => setFit(fit === 'fit' ? 'actual' : 'fit')}
          />
        </Tooltip>
        <Tooltip content={isFull ? 'Leave full screen' : 'Full screen (Alt+Shift+F)'} relationship="label">
          <Button
            appearance="subtle"
            icon={isFull ? <FullScreenMinimize20Regular /> : <FullScreenMaximize20Regular />}
            aria-keyshortcuts="Alt+Shift+F"
            onClick={toggleFull}
          />
        </Tooltip>
        <Tooltip content="Show in a window of its own" relationship="label">
          <Button
            appearance="subtle"
            icon={<WindowNew20Regular />}
            disabledFocusable={!isSeen || isOut}
            onClick={() => setIsOut(true)}
          />
        </Tooltip>
        {isSeen && <QualityButton id={id} sharer={first} />}
        <Tooltip content="Stop looking" relationship="label">
          <Button
            appearance="subtle"
            icon={<Dismiss20Regular />}
            onClick={() => void orSay(commands.stopWatching(id))}
          />
        </Tooltip>
      </div>
      <div className={hasControl ? 'stage__view stage__view--control' : 'stage__view'}>
        {isSeen && !isOut && picture}
        {isSeen && isOut && (
          <PopOut title={`${name} is sharing`} onClosed={() => setIsOut(false)}>
            {picture}
          </PopOut>
        )}
        {isOut && (
          <StageNote text={`What ${first} shows is in a window of its own.`}>
            <Button className="onstage" onClick={() => setIsOut(false)}>
              Bring it back
            </Button>
          </StageNote>
        )}
        {isPaused && isSeen && <p className="stage__paused">{first} paused sharing</p>}
        {!isSeen && <WhyNothing id={id} theirs={theirs} first={first} />}
      </div>
    </section>
  );
}

function WhyNothing({ id, theirs, first }: { id: ConversationId; theirs: PeerShare; first: string }) {
  const tab = useContext(LinkContext)?.tab;
  const watch = useWatch();
  const isConference = useApp((state) => state.conversations[id]?.party.is === 'conference');
  const { view } = theirs;
  if (view.is === 'interrupted') return <StageNote isBusy text={`The connection was lost. Waiting for ${first}.`} />;
  if ((view.is === 'live' || view.is === 'connecting') && view.tab !== tab) {
    return (
      <StageNote text={`You look at what ${first} shows in another tab.`}>
        {isConference && (
          <Button className="onstage" onClick={() => void watch(id)}>
            Look here instead
          </Button>
        )}
      </StageNote>
    );
  }
  return <StageNote isBusy text={`Connecting to what ${first} shows`} />;
}

interface StageNoteProps {
  text: string;
  isBusy?: boolean;
  children?: React.ReactNode;
}

/** What the stage says where there is no picture. */
export function StageNote({ text, isBusy = false, children }: StageNoteProps) {
  return (
    <div className="stage__note" role="status">
      {isBusy && <Spinner size="small" aria-hidden="true" />}
      <p>{text}</p>
      {children}
    </div>
  );
}
