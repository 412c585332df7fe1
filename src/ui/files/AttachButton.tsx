import { Button, Tooltip } from '@fluentui/react-components';
import { Attach20Regular } from '@fluentui/react-icons';
import { useRef } from 'react';

interface AttachButtonProps {
  /** Why no file can be sent; `null` when one can. */
  why: string | null;
  onFiles(files: readonly File[]): void;
}

/** Lets the person pick files. */
export function AttachButton({ why, onFiles }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Tooltip content={why ?? 'Send files'} relationship={why === null ? 'label' : 'description'}>
        <Button
          className="composer__attach"
          appearance="subtle"
          icon={<Attach20Regular />}
          aria-label="Send files"
          disabledFocusable={why !== null}
          onClick={() => input.current?.click()}
        />
      </Tooltip>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file may be picked again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
