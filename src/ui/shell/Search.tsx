import { Button, Input } from '@fluentui/react-components';
import { Dismiss16Regular, Search20Regular } from '@fluentui/react-icons';
import { type KeyboardEvent, useRef } from 'react';

interface SearchProps {
  label: string;
  placeholder?: string;
  value: string;
  onValue(value: string): void;
  /** The key that comes here, shown while nothing is sought. */
  keys?: string;
  onKeyDown?(event: KeyboardEvent): void;
}

/** A search field; Escape and the cross empty it. */
export function Search({ label, placeholder = label, value, onValue, keys, onKeyDown }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    onValue('');
    field.current?.focus();
  };
  return (
    <Input
      className="search"
      type="search"
      autoComplete="off"
      spellCheck={false}
      maxLength={256}
      placeholder={placeholder}
      aria-label={label}
      aria-keyshortcuts={keys}
      value={value}
      ref={field}
      onChange={(_event, data) => onValue(data.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') {
          event.stopPropagation();
          clear();
        } else onKeyDown?.(event);
      }}
      contentBefore={<Search20Regular aria-hidden="true" />}
      contentAfter={
        value !== '' ? (
          <Button
            appearance="transparent"
            size="small"
            icon={<Dismiss16Regular />}
            aria-label="Clear the search"
            onClick={clear}
          />
        ) : keys === undefined ? null : (
          <span className="kbd" aria-hidden="true">
            {keys}
          </span>
        )
      }
    />
  );
}
