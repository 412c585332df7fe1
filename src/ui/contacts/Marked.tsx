/** A name with what was sought in it made strong. */
export function Marked({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <strong>{text.slice(at, at + wanted.length)}</strong>
      {text.slice(at + wanted.length)}
    </>
  );
}
