/** Confab's mark: a speech ring with somebody available. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="mark">
      <path
        fill="currentColor"
        d="M16 3.5a11.5 11.5 0 0 1 9.1 4.46 1.9 1.9 0 1 1-3 2.33A7.7 7.7 0 1 0 16 22.7a7.7 7.7 0 0 0 6.1-3 1.9 1.9 0 0 1 3 2.34A11.5 11.5 0 0 1 12.3 25.9l-5.1 2.5a1.25 1.25 0 0 1-1.77-1.43l1.1-4.55A11.5 11.5 0 0 1 16 3.5Z"
      />
      <circle cx="25.4" cy="15" r="3.6" className="mark__dot" />
    </svg>
  );
}
