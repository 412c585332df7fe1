import { Button } from '@fluentui/react-components';
import { Copy16Regular } from '@fluentui/react-icons';
import { useState } from 'react';

const copiedMs = 2_000;

export function CopyButton({ text, children }: { text: string; children: string }) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Button
      size="small"
      icon={<Copy16Regular />}
      onClick={async () => {
        await navigator.clipboard.writeText(text);
        setIsCopied(true);
        setTimeout(() => setIsCopied(false), copiedMs);
      }}
    >
      {isCopied ? 'Copied' : children}
    </Button>
  );
}
