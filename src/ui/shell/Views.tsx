import { useId } from 'react';

interface ViewsProps<K extends string> {
  label: string;
  names: Record<K, string>;
  value: K;
  onValue(value: K): void;
}

/** Chooses what a list shows. */
export function Views<K extends string>({ label, names, value, onValue }: ViewsProps<K>) {
  const group = useId();
  return (
    <div className="views" role="radiogroup" aria-label={label}>
      {(Object.keys(names) as K[]).map((key) => (
        <label key={key} className={value === key ? 'is-on' : ''}>
          <input type="radio" name={group} checked={value === key} onChange={() => onValue(key)} />
          <span data-name={names[key]}>{names[key]}</span>
        </label>
      ))}
    </div>
  );
}
