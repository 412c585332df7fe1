import { useCallback, useState } from 'react';
import { type TextEffect, textEffects } from '../../domain/message';

/** How the next messages look: kept until it is changed, as in Lync. The bar shows whenever there is something in it to see. */
export function useEffects() {
  const [effects, setEffects] = useState<readonly TextEffect[]>([]);
  const [wantsBar, setWantsBar] = useState(false);
  const toggle = useCallback((effect: TextEffect) => {
    setEffects((before) => textEffects.filter((other) => before.includes(other) !== (other === effect)));
  }, []);
  const toggleBar = useCallback(() => setWantsBar((before) => !before), []);
  return { effects, setEffects, toggle, hasBar: wantsBar || effects.length > 0, toggleBar };
}
