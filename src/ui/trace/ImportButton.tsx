import { Button } from '@fluentui/react-components';
import { ArrowImport20Regular } from '@fluentui/react-icons';
import { useRef } from 'react';

/** Picks a file with a trace. */
export function ImportButton({ onFile }: { onFile(file: File): void }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        hidden
        aria-label="Trace file"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file again is a new choice.
          currentTarget.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
      <Button appearance="subtle" icon={<ArrowImport20Regular />} onClick={() => field.current?.click()}>
        <span className="tracebar__word">Import</span>
      </Button>
    </>
  );
}
