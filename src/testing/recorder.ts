import type { DialectHost, IncomingFile, IncomingMessage, Report } from '../dialect/dialect';
import type { GroupId } from '../domain/ids';
import type { Card, Contact, Group, Presence } from '../domain/people';
import type { Aor, FocusUri } from '../protocol/sip/uri';

type ReportOf<T extends Report['type']> = Extract<Report, { type: T }>;

/** The floor above a dialect in a test: remembers what it was told and what it was given to keep. */
export class Recorder implements DialectHost {
  readonly reports: Report[] = [];
  readonly kept: IncomingMessage[] = [];
  readonly keptFiles: IncomingFile[] = [];
  /** Runs before a message counts as kept; reject to say that the disk is full. */
  onKeep: (message: IncomingMessage | IncomingFile) => Promise<void> = () => Promise.resolve();

  /** What is done about a report. */
  onReport: (report: Report) => void = () => undefined;

  report(report: Report): void {
    this.reports.push(report);
    this.onReport(report);
  }

  async keep(message: IncomingMessage | IncomingFile): Promise<void> {
    await this.onKeep(message);
    if ('file' in message) this.keptFiles.push(message);
    else this.kept.push(message);
  }

  all<T extends Report['type']>(type: T): ReportOf<T>[] {
    return this.reports.filter((report): report is ReportOf<T> => report.type === type);
  }

  /** The newest report of a kind. Throws when there is none. */
  last<T extends Report['type']>(type: T): ReportOf<T> {
    const last = this.all(type).at(-1);
    if (last === undefined)
      throw new Error(`no ${type} was reported, only: ${this.reports.map((r) => r.type).join(', ')}`);
    return last;
  }

  /** Texts kept, in order. */
  get texts(): string[] {
    return this.kept.map(({ body }) => body.text);
  }

  get contacts(): Map<Aor, Contact> {
    const contacts = new Map<Aor, Contact>();
    for (const report of this.reports) {
      if (report.type === 'contacts.replaced') contacts.clear();
      if (report.type !== 'contacts.replaced' && report.type !== 'contacts.changed') continue;
      for (const contact of report.contacts) contacts.set(contact.aor, contact);
      if (report.type === 'contacts.changed') for (const aor of report.removedContacts) contacts.delete(aor);
    }
    return contacts;
  }

  get groups(): Map<GroupId, Group> {
    const groups = new Map<GroupId, Group>();
    for (const report of this.reports) {
      if (report.type === 'contacts.replaced') groups.clear();
      if (report.type !== 'contacts.replaced' && report.type !== 'contacts.changed') continue;
      for (const group of report.groups) groups.set(group.id, group);
      if (report.type === 'contacts.changed') for (const id of report.removedGroups) groups.delete(id);
    }
    return groups;
  }

  /** All that was told of a person, the newest of each kind. */
  person(aor: Aor): { presence?: Presence; note?: string; card?: Card } {
    const told = this.all('presence.changed').flatMap(({ people }) => people.filter((person) => person.aor === aor));
    const [presence, note, card] = (['presence', 'note', 'card'] as const).map(
      (what) => told.findLast((person) => person[what] !== undefined)?.[what],
    );
    return { presence, note, card } as { presence?: Presence; note?: string; card?: Card };
  }

  /** Who is in the chat of a conference, sorted. */
  roster(focus: FocusUri): Aor[] {
    const changes = this.all('conference.changed').filter((report) => report.focus === focus);
    return (changes.at(-1)?.roster ?? [])
      .filter(({ inChat }) => inChat)
      .map(({ aor }) => aor)
      .sort();
  }
}
