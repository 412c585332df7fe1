const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockWithSeconds = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' });
const longDay = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

const dayMs = 86_400_000;

export const timeText = (at: number): string => clock.format(at);
export const preciseTimeText = (at: number): string => clockWithSeconds.format(at);

function dayNumber(at: number): number {
  const date = new Date(at);
  return Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / dayMs);
}

export function isSameDay(a: number, b: number): boolean {
  return dayNumber(a) === dayNumber(b);
}

/** `Today`, `Yesterday`, `Wednesday, 15 October`. */
export function dayText(at: number, now: number): string {
  const days = dayNumber(now) - dayNumber(at);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : longDay.format(at);
}

/** For lists: the time today, the weekday this week, else the date. */
export function listTimeText(at: number, now: number): string {
  const days = dayNumber(now) - dayNumber(at);
  if (days === 0) return timeText(at);
  return days < 7 ? weekday.format(at) : shortDay.format(at);
}

/** ` for 8 min`, ` for 5 hours`; nothing below a minute. */
export function sinceText(since: number, now: number): string {
  const minutes = Math.floor((now - since) / 60_000);
  if (minutes < 1) return '';
  if (minutes < 60) return ` for ${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? ` for ${hours} ${hours === 1 ? 'hour' : 'hours'}` : '';
}

/** `03:12`, `1:02:45`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
