import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ReplayLink, type ReplayPlace } from '../../link/replayLink';
import type { Row } from '../../trace/row';
import { nextStep } from './recording';

export const speeds = [1, 4, 16] as const;
export type Speed = (typeof speeds)[number];

export interface Player extends ReplayPlace {
  replay: ReplayLink;
  isPlaying: boolean;
  speed: Speed;
  /** Stops playing, and goes there. */
  goTo(position: number): void;
  play(on: boolean): void;
  setSpeed(speed: Speed): void;
}

/** Plays the steps, one after the other or in the time of the recording; as long as this component is there. */
export function usePlayer(steps: readonly Row[]): Player | null {
  const [replay, setReplay] = useState<ReplayLink | null>(null);
  useEffect(() => {
    const made = new ReplayLink(steps.map(({ entry }) => entry));
    setReplay(made);
    return () => made.close();
  }, [steps]);
  const place = useSyncExternalStore(replay?.subscribe ?? never, replay?.place ?? nowhere);
  const [isPlaying, setIsPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>(1);
  const { position, isOnTheWay } = place;
  useEffect(() => {
    if (!isPlaying || isOnTheWay || replay === null) return;
    if (position >= steps.length) return setIsPlaying(false);
    const next = nextStep(steps, position, speed);
    const timer = setTimeout(() => replay.goTo(next.position), next.waitMs);
    return () => clearTimeout(timer);
  }, [isPlaying, isOnTheWay, replay, position, steps, speed]);
  return useMemo(() => {
    if (replay === null) return null;
    const goTo = (wanted: number) => {
      setIsPlaying(false);
      replay.goTo(wanted);
    };
    const play = (on: boolean) => {
      // From the end it begins anew.
      if (on && position >= steps.length) replay.goTo(0);
      setIsPlaying(on);
    };
    return { replay, position, isOnTheWay, isPlaying, speed, goTo, play, setSpeed };
  }, [replay, position, isOnTheWay, isPlaying, speed, steps]);
}

const never = () => () => undefined;
const start: ReplayPlace = { position: 0, isOnTheWay: true };
const nowhere = () => start;
