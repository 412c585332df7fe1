import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { Failure, Outcome } from '../../domain/failure';
import { ExplainLink, targetOf } from '../trace/ExplainLink';
import { failureText } from '../words/failureText';

interface Notice {
  text: string;
  /** What takes back what was done. */
  undo?: () => void;
  failure?: Failure;
}

const undoMs = 10_000;
const listeners = new Set<(notice: Notice) => void>();

/** Tells at the edge of the window what was done, with a way back. */
export function say(text: string, undo?: () => void): void {
  for (const run of listeners) run(undo === undefined ? { text } : { text, undo });
}

/** Says at the edge of the window why a command did nothing; for commands whose place on the screen shows no failure. */
export async function orSay(outcome: Promise<Outcome<unknown>>, who?: string): Promise<boolean> {
  const settled = await outcome;
  if (settled.ok || settled.failure.is === 'cancelled') return settled.ok;
  const { failure } = settled;
  for (const run of listeners) run({ text: failureText(failure, who), failure });
  return false;
}

export function Notices() {
  const [notice, setNotice] = useState<Notice | null>(null);
  useEffect(() => {
    listeners.add(setNotice);
    return () => void listeners.delete(setNotice);
  }, []);
  useEffect(() => {
    // What went wrong stays until it is read; a way back is open for a while.
    if (notice?.undo === undefined) return;
    const timer = setTimeout(() => setNotice(null), undoMs);
    return () => clearTimeout(timer);
  }, [notice]);
  if (notice === null) return null;
  const { text, undo, failure } = notice;
  return (
    <div className="notice" role={undo === undefined ? 'alert' : 'status'}>
      <MessageBar intent={undo === undefined ? 'error' : 'info'} layout="multiline">
        <MessageBarBody>{text}</MessageBarBody>
        <MessageBarActions
          containerAction={
            <Button
              appearance="transparent"
              icon={<Dismiss16Regular />}
              aria-label="Dismiss"
              onClick={() => setNotice(null)}
            />
          }
        >
          {failure !== undefined && <ExplainLink target={targetOf(failure)} />}
          {undo !== undefined && (
            <Button
              onClick={() => {
                setNotice(null);
                undo();
              }}
            >
              Undo
            </Button>
          )}
        </MessageBarActions>
      </MessageBar>
    </div>
  );
}
