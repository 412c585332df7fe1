import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { Dismiss16Regular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { Outcome } from '../../domain/failure';
import { failureText } from '../words/failureText';

const listeners = new Set<(text: string) => void>();

/** Says at the edge of the window why a command did nothing; for commands whose place on the screen shows no failure. */
export async function orSay(outcome: Promise<Outcome<unknown>>, who?: string): Promise<boolean> {
  const settled = await outcome;
  if (!settled.ok && settled.failure.is !== 'cancelled') {
    for (const run of listeners) run(failureText(settled.failure, who));
  }
  return settled.ok;
}

export function Notices() {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    listeners.add(setText);
    return () => void listeners.delete(setText);
  }, []);
  if (text === null) return null;
  return (
    <div className="notice" role="alert">
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>{text}</MessageBarBody>
        <MessageBarActions
          containerAction={
            <Button
              appearance="transparent"
              icon={<Dismiss16Regular />}
              aria-label="Dismiss"
              onClick={() => setText(null)}
            />
          }
        />
      </MessageBar>
    </div>
  );
}
