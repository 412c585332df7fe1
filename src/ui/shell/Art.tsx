/** Small drawings for places where nothing is yet; their colors follow the theme. */

export function BubblesArt() {
  return (
    <svg width="136" height="96" viewBox="0 0 136 96" aria-hidden="true" className="art">
      <path
        className="art__1"
        d="M12 2h66a12 12 0 0 1 12 12v28a12 12 0 0 1-12 12H26L14 64V54h-2A12 12 0 0 1 0 42V14A12 12 0 0 1 12 2Z"
      />
      <path className="art__line" d="M20 20h40M20 33h30" />
      <path
        className="art__tint"
        d="M62 38h60a12 12 0 0 1 12 12v24a12 12 0 0 1-12 12h-2v9l-12-9H62a12 12 0 0 1-12-12V50a12 12 0 0 1 12-12Z"
      />
      <circle className="art__brand" cx="76" cy="62" r="5" />
      <circle className="art__brand art__brand--2" cx="92" cy="62" r="5" />
      <circle className="art__brand art__brand--3" cx="108" cy="62" r="5" />
    </svg>
  );
}

export function PeopleArt() {
  return (
    <svg width="132" height="104" viewBox="0 0 132 104" aria-hidden="true" className="art">
      <rect className="art__paper" x="12" width="108" height="32" rx="8" />
      <circle className="art__3" cx="30" cy="16" r="9" />
      <path className="art__line" d="M49 11h38" />
      <path className="art__line art__line--2" d="M49 21h54" />
      <rect className="art__card" x="1" y="38" width="130" height="36" rx="8" />
      <circle className="art__tint" cx="22" cy="56" r="11" />
      <path className="art__stroke" d="M22 51v10m-5-5h10" />
      <path className="art__stroke art__stroke--wide" d="M43 51h50" />
      <path className="art__line art__line--2" d="M43 62h68" />
      <rect className="art__paper art__paper--2" x="12" y="80" width="108" height="24" rx="8" />
    </svg>
  );
}

export function OfflineArt() {
  return (
    <svg width="168" height="76" viewBox="0 0 168 76" aria-hidden="true" className="art">
      <path
        className="art__1"
        d="M12 2h40a12 12 0 0 1 12 12v36a12 12 0 0 1-12 12H28L14 74V62h-2A12 12 0 0 1 0 50V14A12 12 0 0 1 12 2Z"
      />
      <path className="art__line" d="M18 25h26M18 39h16" />
      <path
        className="art__tint"
        d="M116 2h40a12 12 0 0 1 12 12v36a12 12 0 0 1-12 12h-2v12l-14-12h-24a12 12 0 0 1-12-12V14a12 12 0 0 1 12-12Z"
      />
      <path className="art__stroke art__stroke--wide" d="M123 25h24" />
      <path className="art__stroke art__stroke--wide art__stroke--pale" d="M133 39h14" />
      <path className="art__line art__line--2" d="M64 32h9m22 0h9" />
      <circle className="art__danger" cx="84" cy="32" r="12" />
      <path className="art__cross" d="m79.5 27.5 9 9m0-9-9 9" />
    </svg>
  );
}
