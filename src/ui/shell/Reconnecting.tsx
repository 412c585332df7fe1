import { Button } from '@fluentui/react-components';
import { useApp, useCommands } from '../useApp';
import { useNavigation } from './navigation';

/** Over the panes while the connection is lost. */
export function Reconnecting() {
  const commands = useCommands();
  const { place, go } = useNavigation();
  const server = useApp((state) => (state.signIn.is === 'reconnecting' ? new URL(state.signIn.server).host : ''));
  return (
    <div className="appbar" role="status">
      <span className="spinner" aria-hidden="true" />
      <p className="appbar__text">
        <strong>Reconnecting to {server}.</strong> Your messages wait here until you are back.
      </p>
      <Button size="small" onClick={() => void commands.checkConnection()}>
        Try now
      </Button>
      {place !== 'trace' && (
        <button type="button" className="link" onClick={() => go('trace')}>
          Show trace
        </button>
      )}
    </div>
  );
}
