import {
  Button,
  Checkbox,
  Field,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Radio,
  RadioGroup,
} from '@fluentui/react-components';
import { Options20Regular } from '@fluentui/react-icons';
import { components, type Level, levels, mostLogged } from '../../domain/logging';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { componentNames, levelNames } from '../words/traceText';

/** What is logged from now on, and how much of it is kept. */
export function LoggingOptions() {
  const commands = useCommands();
  const { level, components: wanted, hidesText, keepsAll } = useApp((state) => state.logging);
  const most = useApp((state) => Math.min(state.policy.mostLogged ?? mostLogged, mostLogged));
  const set = (change: Parameters<typeof commands.setLogging>[0]) => void orSay(commands.setLogging(change));
  return (
    <Popover trapFocus positioning="below-end">
      <PopoverTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<Options20Regular />} aria-label="What is logged" />
      </PopoverTrigger>
      <PopoverSurface className="loggingoptions" aria-label="What is logged">
        <fieldset>
          <legend>Components</legend>
          {components.map((one) => (
            <Checkbox
              key={one}
              label={componentNames[one]}
              checked={wanted.includes(one)}
              onChange={(_event, { checked }) =>
                set({
                  components: components.filter((other) => (other === one ? checked === true : wanted.includes(other))),
                })
              }
            />
          ))}
        </fieldset>
        <Field label="Level" hint="Messages are information; keep-alives are all details">
          <RadioGroup value={level} onChange={(_event, { value }) => set({ level: value as Level })}>
            {levels.map((one) => (
              <Radio key={one} value={one} label={levelNames[one]} />
            ))}
          </RadioGroup>
        </Field>
        <Checkbox
          label="Mask message text"
          checked={hidesText}
          onChange={(_event, { checked }) => set({ hidesText: checked === true })}
        />
        <Checkbox
          label="Keep earlier sessions too"
          checked={keepsAll}
          onChange={(_event, { checked }) => set({ keepsAll: checked === true })}
        />
        <p>
          {most === 0
            ? 'Your organization lets nothing of it be kept in this browser.'
            : `At most ${most.toLocaleString('en')} messages are kept in this browser. Passwords are never logged.`}
        </p>
      </PopoverSurface>
    </Popover>
  );
}
