import type { ReactNode } from 'react';
import { headLines } from '../../trace/headLines';

interface HeadersProps {
  text: string;
  /** Marks what the refusal says about itself. */
  isFailure: boolean;
  /** How many messages have this Call-ID, and what shows only them. */
  dialogSize: number;
  onDialog(): void;
}

/** Those that say why. */
const telling = /^(?:ms-(?:client-)?diagnostics(?:-public)?|warning|reason|retry-after)$/i;

/** The start line and the headers of a message, as they were on the wire. */
export function Headers({ text, isFailure, dialogSize, onDialog }: HeadersProps) {
  const [start = '', ...headers] = headLines(text);
  return (
    <>
      <div className="headline headline--start">{start}</div>
      {headers.map((line, at) => {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon);
        const isMarked = isFailure && telling.test(name);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one message, which does not change
          <div key={at} className={`headline${isMarked ? ' headline--marked' : ''}`}>
            <span className="headline__name">{line.slice(0, colon + 1)}</span>
            {isMarked ? <Parameters text={line.slice(colon + 1)} /> : colored(line.slice(colon + 1))}
            {/^(?:call-id|i)$/i.test(name) && dialogSize > 1 && (
              <button type="button" className="link headline__link" onClick={onDialog}>
                {dialogSize} messages
              </button>
            )}
          </div>
        );
      })}
    </>
  );
}

/** A parameter a line. */
function Parameters({ text }: { text: string }) {
  const [value = '', ...params] = text.match(/(?:"(?:[^"\\]|\\.)*"|[^";])+;?|;/g) ?? [];
  return (
    <>
      {colored(value)}
      {params.map((param, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parameters of one message, which does not change
        <span key={at} className="headline__param">
          {colored(param)}
        </span>
      ))}
    </>
  );
}

/** Strings, addresses, and what tells dialogs and transactions apart. */
const tokens = /("(?:[^"\\]|\\.)*")|(sips?:[^\s;>,"]+)|((?<=\b(?:tag|branch)=)[^\s;,>]+)/g;
const classes = ['is-string', 'is-address', 'is-tag'];

function colored(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(tokens)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    const kind = match.slice(1).findIndex((group) => group !== undefined);
    parts.push(
      <span key={match.index} className={classes[kind]}>
        {match[0]}
      </span>,
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}
