import { ArrowUpload24Regular } from '@fluentui/react-icons';

/** Lies over the conversation while a file hangs over it. Says nothing to a screen reader, whose user drags nothing. */
export function DropTarget({ to }: { to: string }) {
  return (
    <div className="droptarget" aria-hidden="true">
      <ArrowUpload24Regular />
      <p>Drop to send to {to}</p>
    </div>
  );
}
