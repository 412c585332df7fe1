import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import {
  Desktop20Regular,
  Pause20Regular,
  Play20Regular,
  ShareScreenStart20Regular,
  ShareScreenStop20Regular,
  TabDesktop20Regular,
  Window20Regular,
} from '@fluentui/react-icons';
import { useContext } from 'react';
import type { ConversationId } from '../../domain/ids';
import type { OwnShare } from '../../domain/sharing';
import type { Surface } from '../../protocol/lync/sharingSdp';
import type { Aor } from '../../protocol/sip/uri';
import { firstNameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { LinkContext, useApp, useCommands } from '../useApp';
import { privacyTexts, surfaceText } from '../words/sharingText';
import { Overlay } from './Overlay';
import { ControlRequest, OwnControl, WipeInk } from './OwnControl';
import { Picture } from './Picture';
import { QualityButton } from './Quality';
import { useShown, useTabMedia } from './tabMedia';
import { useShare } from './useShare';
import { StageNote } from './ViewerStage';
import { watchersIn } from './watchers';

/** What we show: the bar, what others see, and who looks. */
export function OwnStage({ id }: { id: ConversationId }) {
  const own = useApp((state) => state.sharing[id]?.own ?? null);
  return own === null ? null : <Own id={id} own={own} />;
}

function Own({ id, own }: { id: ConversationId; own: OwnShare }) {
  const commands = useCommands();
  const media = useTabMedia();
  const isHere = useContext(LinkContext)?.tab === own.tab;
  const shown = useShown(id);
  const isLive = own.state === 'live';
  return (
    <section className="pane stage stage--own" aria-label="Your sharing" data-region>
      <div className="sharebar sharebar--live" role="toolbar" aria-label="Sharing">
        <span className={own.isPaused ? 'livedot livedot--paused' : 'livedot'} />
        <p className="sharebar__text ellipsis">
          {own.isPaused ? 'Sharing is paused: ' : 'You are sharing: '}
          <b>{surfaceText(own.surface)}</b>
        </p>
        <span className="sharebar__line" />
        {isHere && isLive && <OwnControl id={id} own={own} />}
        {isHere && isLive && <WipeInk id={id} />}
        {isHere && (
          <Tooltip content={own.isPaused ? 'Go on sharing' : 'Pause sharing'} relationship="label">
            <Button
              appearance="subtle"
              icon={own.isPaused ? <Play20Regular /> : <Pause20Regular />}
              aria-pressed={own.isPaused}
              disabledFocusable={!isLive}
              onClick={() => void media.pause(id, !own.isPaused)}
            />
          </Tooltip>
        )}
        {isHere && isLive && <QualityButton id={id} sharer={null} />}
        <Button
          className="sharebar__stop"
          icon={<ShareScreenStop20Regular />}
          onClick={() => void orSay(commands.stopSharing(id))}
        >
          Stop sharing
        </Button>
      </div>
      {!isHere && <StageNote text="You share this from another tab." />}
      {isHere && <ControlRequest id={id} own={own} />}
      {isHere && shown !== null && (
        <div className="stage__own">
          <div className={own.isPaused ? 'own__frame own__frame--paused' : 'own__frame'}>
            <Picture stream={shown.stream} label="What others see" fit="fit" isSilent>
              <Overlay id={id} tool={null} />
            </Picture>
            {own.isPaused && <p className="stage__paused">Others see the last picture. Nothing new is sent.</p>}
          </div>
          <div className="own__info">
            <div className="own__words">
              <p className="own__title">{isLive ? 'This is what others see' : <Waiting id={id} own={own} />}</p>
              <p className="own__sub">
                {privacyTexts[own.surface]}
                {shown.hasSound && ' Its sound is heard too.'}
              </p>
            </div>
            <ShareElse id={id} />
          </div>
          {isLive && <Watchers id={id} />}
        </div>
      )}
    </section>
  );
}

function Waiting({ id, own }: { id: ConversationId; own: OwnShare }) {
  const first = useApp((state) => {
    const party = state.conversations[id]?.party;
    return party?.is === 'pairwise' ? firstNameOf(state, party.peer) : null;
  });
  if (own.state === 'interrupted') return 'The connection was lost. It is shown again when you are back.';
  return first === null ? 'Starting' : `Waiting for ${first} to accept`;
}

const choices: readonly [Surface, string, typeof Desktop20Regular][] = [
  ['desktop', 'Desktop', Desktop20Regular],
  ['program', 'Program', Window20Regular],
  ['tab', 'Browser tab', TabDesktop20Regular],
];

function ShareElse({ id }: { id: ConversationId }) {
  const { share } = useShare(id);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button className="onstage" icon={<ShareScreenStart20Regular />}>
          Share something else
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.map(([surface, name, Icon]) => (
            <MenuItem key={surface} icon={<Icon />} onClick={() => void share(surface)}>
              {name}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function Watchers({ id }: { id: ConversationId }) {
  const people = useApp((state) => watchersIn(state, id).join('\n'))
    .split('\n')
    .filter(Boolean) as Aor[];
  return (
    <section className="own__watch" aria-label="Watching now">
      <h2>Watching now ({people.length})</h2>
      <ul>
        {people.map((aor) => (
          <Watcher key={aor} aor={aor} id={id} />
        ))}
      </ul>
    </section>
  );
}

function Watcher({ aor, id }: { aor: Aor; id: ConversationId }) {
  const first = useApp((state) => firstNameOf(state, aor));
  const has = useApp((state) => {
    const own = state.sharing[id]?.own;
    if (own?.controller === aor) return 'Has control';
    if (own?.asking.includes(aor)) return 'Wants control';
    const party = state.conversations[id]?.party;
    const isAway =
      party?.is === 'conference' &&
      party.conference.roster.some((one) => one.aor === aor && one.sharing === 'inactive');
    return isAway ? 'Looks elsewhere' : null;
  });
  return (
    <li className="own__person">
      <Face aor={aor} size={32} presence={false} />
      <span>
        {first}
        {has !== null && <span className="own__sub">{has}</span>}
      </span>
    </li>
  );
}
