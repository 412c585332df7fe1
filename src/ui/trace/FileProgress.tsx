import { Button, ProgressBar } from '@fluentui/react-components';

interface FileProgressProps {
  text: string;
  /** From 0 to 1. */
  part: number;
  onCancel(): void;
}

/** How far a file is read or written. */
export function FileProgress({ text, part, onCancel }: FileProgressProps) {
  return (
    <div className="traceprogress">
      <span>
        {text}, {Math.floor(part * 100)} %
      </span>
      <ProgressBar value={part} aria-label={text} />
      <Button size="small" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
