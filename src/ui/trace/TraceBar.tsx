import { Pulse20Filled } from '@fluentui/react-icons';
import type { ReactNode, Ref } from 'react';
import { Search } from '../shell/Search';

interface TraceBarProps {
  title: string;
  /** How much it is, and where it is from. */
  detail: string;
  /** Stands beside the title. */
  tag?: ReactNode;
  sought: string;
  onSought(sought: string): void;
  /** What can be done with all of it. */
  children: ReactNode;
  ref: Ref<HTMLElement>;
}

/** Over a trace: what it is, the search, and what can be done with it. */
export function TraceBar({ title, detail, tag, sought, onSought, children, ref }: TraceBarProps) {
  return (
    <header className="pane tracebar" ref={ref} data-region>
      <span className="tracebar__icon" aria-hidden="true">
        <Pulse20Filled />
      </span>
      <div className="tracebar__title">
        <h1 className="ellipsis">{title}</h1>
        <p className="ellipsis">{detail}</p>
      </div>
      {tag}
      <span className="tracebar__space" />
      <Search label="Find in messages" value={sought} onValue={onSought} />
      {children}
    </header>
  );
}
