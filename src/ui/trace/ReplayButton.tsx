import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ChevronDown12Regular, History20Regular } from '@fluentui/react-icons';
import { useContext, useMemo } from 'react';
import { peopleIn, stepsOf, stepsOfPerson } from '../replay/recording';
import { NavigationContext } from '../shell/navigation';
import type { TraceTarget } from './target';
import type { TraceModel } from './traceModel';

interface ReplayButtonProps {
  name: string;
  model: TraceModel;
  /** Of the model. */
  version: number;
  /** Shows something of it in this trace. */
  onShow(target: TraceTarget): void;
}

/** Shows Confab as it was while this trace was made, message by message; of a server's log as one of its people had it. */
export function ReplayButton({ name, model, version, onShow }: ReplayButtonProps) {
  const navigation = useContext(NavigationContext);
  if (navigation === null) return null;
  if (model.isServers) return <PeopleMenu name={name} model={model} version={version} onShow={onShow} />;
  const { rows } = model.index;
  return (
    <Button
      appearance="subtle"
      icon={<History20Regular />}
      disabledFocusable={!rows.some(({ dialog }) => dialog !== null)}
      onClick={() => navigation.replay({ name, steps: stepsOf(rows), show: onShow })}
    >
      <span className="tracebar__word">Replay</span>
    </Button>
  );
}

function PeopleMenu({ name, model, version, onShow }: ReplayButtonProps) {
  const navigation = useContext(NavigationContext);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model's rows change with its version
  const people = useMemo(() => peopleIn(model.index.rows), [model, version]);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<History20Regular />} disabledFocusable={people.length === 0}>
          <span className="tracebar__word">Replay</span>
          <ChevronDown12Regular className="tracebar__chevron" aria-hidden="true" />
        </Button>
      </MenuTrigger>
      <MenuPopover className="olderdialogs">
        <MenuList>
          {people.map((person) => (
            <MenuItem
              key={person.address}
              onClick={() =>
                navigation?.replay({
                  name: `${person.address} in ${name}`,
                  steps: stepsOfPerson(model.index.rows, person),
                  show: onShow,
                })
              }
            >
              As {person.address}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
