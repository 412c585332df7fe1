import type { Aor } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { useNavigation } from '../shell/navigation';
import { useApp } from '../useApp';
import { Face } from './Face';
import { useCardHover } from './useCardHover';

interface FaceButtonProps {
  aor: Aor;
  size?: 32 | 40;
  presence?: boolean;
  /** False where the name stands beside it and another way leads to the card. */
  takesFocus?: boolean;
}

/** A face that shows who it is. */
export function FaceButton({ aor, size = 32, presence = true, takesFocus = true }: FaceButtonProps) {
  const { showCard } = useNavigation();
  const name = useApp((state) => nameOf(state, aor));
  return (
    <button
      type="button"
      className="facebutton"
      aria-label={`Contact card of ${name}`}
      aria-haspopup="dialog"
      {...(takesFocus ? {} : { tabIndex: -1, 'aria-hidden': true })}
      onClick={(event) => {
        event.stopPropagation();
        showCard(aor, event.currentTarget);
      }}
      {...useCardHover(aor)}
    >
      <Face aor={aor} size={size} presence={presence} />
    </button>
  );
}
