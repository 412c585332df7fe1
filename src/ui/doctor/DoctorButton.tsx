import { Button } from '@fluentui/react-components';
import { Stethoscope20Regular } from '@fluentui/react-icons';
import { useNavigation } from '../shell/navigation';

/** From Trace to what looks by itself. */
export function DoctorButton() {
  const { go } = useNavigation();
  return (
    <Button appearance="subtle" icon={<Stethoscope20Regular />} onClick={() => go('doctor')}>
      <span className="tracebar__word">Doctor</span>
    </Button>
  );
}
