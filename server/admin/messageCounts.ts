/** What may stand in a label: peers shall not make series without end. */
const methods = new Set(
  'REGISTER SUBSCRIBE NOTIFY BENOTIFY INVITE ACK BYE CANCEL MESSAGE INFO SERVICE UPDATE OPTIONS REFER PRACK PUBLISH'.split(
    ' ',
  ),
);
/** The start line and CSeq are looked for in so much of a message. */
const longestHead = 4096;

export type Direction = 'in' | 'out';

/** SIP messages since the start, by the labels of their metric: `direction="in",method="MESSAGE"`. */
export class MessageCounts {
  readonly requests = new Map<string, number>();
  readonly responses = new Map<string, number>();

  /** `wire` as it was or will be on the wire; damaged messages count by what can be told of them. */
  count(direction: Direction, wire: string): void {
    const isResponse = wire.startsWith('SIP/2.0 ');
    const head = wire.slice(0, longestHead);
    const written = isResponse
      ? /\r\ncseq[ \t]*:[ \t]*\d+[ \t]+([A-Z]+)/i.exec(head)?.[1]
      : head.slice(0, head.indexOf(' '));
    const method = methods.has(written ?? '') ? written : 'other';
    const labels = `direction="${direction}",method="${method}"`;
    if (isResponse) add(this.responses, `${labels},class="${classOf(head)}"`);
    else add(this.requests, labels);
  }

  /** MESSAGE requests that went out: the server writes none of its own. */
  get relayed(): number {
    return this.requests.get('direction="out",method="MESSAGE"') ?? 0;
  }
}

function add(counts: Map<string, number>, labels: string): void {
  counts.set(labels, (counts.get(labels) ?? 0) + 1);
}

/** `SIP/2.0 404 Not Found` -> `4xx`. */
function classOf(head: string): string {
  const first = head['SIP/2.0 '.length] ?? '';
  return /[1-6]/.test(first) ? `${first}xx` : 'other';
}
