import { type ComponentType, type ReactNode, useEffect, useState } from 'react';

const againAfterMs = 2_000;

interface Loaded<P> {
  (props: P): ReactNode;
  /** Fetches it before it is drawn. */
  fetch(): void;
}

/**
 * A component whose code is fetched when it is first drawn; `meanwhile` stands in its place. Unlike with React's `lazy`, what
 * was fetched before is drawn at once and what comes is drawn when it comes: after a Suspense fallback React waits 300 ms
 * (its `FALLBACK_THROTTLE_MS`). And a server that is away for a moment takes no window down: it is said, and tried again.
 */
export function loaded<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: ReactNode = null,
): Loaded<P> {
  let component: ComponentType<P> | null = null;
  const fetched = async (): Promise<void> => {
    component ??= await load();
  };
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, at the top of a module, as `lazy` is.
  function Component(props: P) {
    const [state, setState] = useState<'waiting' | 'failed' | 'there'>('waiting');
    useEffect(() => {
      let timer: ReturnType<typeof setTimeout>;
      let isGone = false;
      const attempt = () =>
        fetched().then(
          () => !isGone && setState('there'),
          () => {
            if (isGone) return;
            setState('failed');
            timer = setTimeout(attempt, againAfterMs);
          },
        );
      if (component === null) void attempt();
      return () => {
        isGone = true;
        clearTimeout(timer);
      };
    }, []);
    const Fetched = component;
    if (Fetched !== null) return <Fetched {...props} />;
    if (state !== 'failed') return meanwhile;
    return (
      <p className="unloaded" role="alert">
        This part of Confab cannot be loaded now. It is tried again until it can.
      </p>
    );
  }
  return Object.assign(Component, { fetch: () => void fetched().catch(() => undefined) });
}
