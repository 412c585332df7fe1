/** The server ends a registration: NOTIFY `registration-notify` ([MS-SIPREGE] 4.1.3, `lync-wire` 1.6). */
export const registrationEventType = 'text/registration-event';
export const registrationNotifyEvent = 'registration-notify';

/** Signed in elsewhere or by request; disabled or over a quota; moved to another pool. */
export type DeregistrationEvent = 'unregistered' | 'rejected' | 'deactivated';

const known: readonly string[] = ['unregistered', 'rejected', 'deactivated'];

export function formatDeregistered(event: DeregistrationEvent): string {
  return `deregistered;event=${event}`;
}

/** Why we are deregistered; `unregistered` where a deregistration gives no reason we know. `null` when it is none. */
export function parseDeregistered(text: string): DeregistrationEvent | null {
  const [word = '', ...params] = text
    .trim()
    .toLowerCase()
    .split(/\s*;\s*/);
  if (word !== 'deregistered') return null;
  const event = params.find((param) => param.startsWith('event='))?.slice('event='.length);
  return event !== undefined && known.includes(event) ? (event as DeregistrationEvent) : 'unregistered';
}
