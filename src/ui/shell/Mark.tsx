/** Confab's mark: a speech ring with somebody available. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" className="mark">
      <path
        fill="currentColor"
        d="M25 6a18 18 0 1 1-9.2 33.500L7 42l2.6-8.400A18 18 0 0 1 25 6Zm0 7a11 11 0 1 0 9.4 16.700l-4.6-2.800A5.6 5.6 0 1 1 29.6 20.800l4.7-2.900A11 11 0 0 0 25 13Z"
      />
      <circle cx="36" cy="24" r="5" className="mark__dot" />
    </svg>
  );
}
