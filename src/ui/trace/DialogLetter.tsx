import type { TraceDialog } from '../../trace/row';

/** The dialog of a message: its color, always with its letter. */
export function DialogLetter({ dialog }: { dialog: TraceDialog | null }) {
  if (dialog === null) return <span className="dletter dletter--none" />;
  return (
    <span className={`dletter dlg-${dialog.color}`}>
      <span className="sr-only">Dialog </span>
      {dialog.letter}
    </span>
  );
}
