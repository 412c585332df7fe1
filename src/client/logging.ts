import { done, failed, type Outcome } from '../domain/failure';
import { components, type Level, type LoggingChoice, levels, usualLogging } from '../domain/logging';
import type { MediaNote } from '../domain/mediaNote';
import type { SignIn, SignInFailure } from '../domain/signIn';
import type { TraceEntry } from '../trace/entry';
import type { TraceLog } from '../trace/log';
import { formatNote, type Note } from '../trace/notes';
import type { Commands } from './commands';
import type { Floor } from './floor';

/** The log as far as the client needs it. */
export type Log = Pick<TraceLog, 'add' | 'configure' | 'bound' | 'clear'>;

interface LoggingParts {
  log: Log;
  vault: {
    setting(id: string): Promise<string | null>;
    keepSetting(id: string, value: string): Promise<void>;
  };
}

const choiceKey = 'logging';
const ownerKey = 'loggingOf';
const longestNote = 4_000;

/** What is logged on this device: the person's choice, kept, and told to the log and the ledger. */
export class Logging implements Pick<Commands, 'setLogging' | 'clearLog' | 'seeLog' | 'noteTrouble' | 'noteMedia'> {
  readonly #floor: Floor;
  readonly #parts: LoggingParts;

  constructor(floor: Floor, parts: LoggingParts) {
    this.#floor = floor;
    this.#parts = parts;
  }

  /** Once, at the engine's start. */
  async load(): Promise<void> {
    const text = await this.#parts.vault.setting(choiceKey).catch(() => null);
    this.#use({ ...usualLogging, ...choiceIn(text ?? '{}') });
  }

  #use(choice: LoggingChoice): void {
    const { logging } = this.#floor.state();
    const goesOn = logging.isOn && logging.since > 0;
    const since = choice.isOn && !goesOn ? this.#floor.world.now() : logging.since;
    this.#parts.log.configure(choice);
    const { hasNews } = logging;
    this.#floor.record({ type: 'logging.changed', logging: { ...choice, since, hasNews } });
  }

  setLogging = async (change: Partial<LoggingChoice>): Promise<Outcome<void>> => {
    const { since: _since, hasNews: _hasNews, ...before } = this.#floor.state().logging;
    const choice = { ...before, ...change };
    this.#use(choice);
    try {
      await this.#parts.vault.keepSetting(choiceKey, JSON.stringify(choice));
      return done;
    } catch {
      return failed({ is: 'storage' });
    }
  };

  clearLog = async (): Promise<Outcome<void>> => {
    await this.#parts.log.clear();
    return this.seeLog();
  };

  seeLog = async (): Promise<Outcome<void>> => {
    this.#setNews(false);
    return done;
  };

  /** An entry was added to the log. */
  logged(entry: TraceEntry): void {
    if (isRefusal(entry)) this.#setNews(true);
  }

  #setNews(hasNews: boolean): void {
    const { logging } = this.#floor.state();
    if (logging.hasNews !== hasNews) this.#floor.record({ type: 'logging.changed', logging: { ...logging, hasNews } });
  }

  noteTrouble = async (text: string): Promise<Outcome<void>> => {
    this.note('ui', text.slice(0, longestNote), 'error');
    return done;
  };

  noteMedia = async (note: MediaNote, level: Level): Promise<Outcome<void>> => {
    this.note('media', formatNote(note), level);
    return done;
  };

  note(kind: 'signIn' | 'media' | 'store' | 'ui', text: string, level: LoggingChoice['level'] = 'information'): void {
    this.#parts.log.add({ at: this.#floor.world.now(), direction: 'in', kind, url: '', text, level });
  }

  /** How the server was looked for, and why a sign-in stopped: what no message tells. */
  noteSignIn(signIn: SignIn): void {
    if (signIn.is !== 'failed') return;
    for (const { method, url, state } of signIn.discovery) {
      this.note('signIn', formatNote({ is: 'discovery', method, url, state }));
    }
    this.note('signIn', formatNote(signInFailed(signIn.failure, signIn.server)), 'warning');
  }

  /** Something could not be kept on this device; throws the error again. */
  notStored(what: string, error: unknown): never {
    const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.note('store', formatNote({ is: 'notStored', what, error: told.slice(0, 200) }), 'error');
    throw error;
  }

  /** Somebody signs in: the log of another person on this device is not theirs to read. */
  async belongsTo(aor: string): Promise<void> {
    const owner = await this.#parts.vault.setting(ownerKey).catch(() => null);
    if (owner === aor) return;
    if (owner !== null) await this.#parts.log.clear();
    await this.#parts.vault.keepSetting(ownerKey, aor).catch(() => undefined);
  }
}

export function signInFailed(failure: SignInFailure, server: string | null): Note {
  const others = failure.is === 'unreachable' && failure.othersAnswer === true ? { othersAnswer: true } : {};
  return { is: 'signInFailed', why: failure.is, url: server ?? '', ...others };
}

/** Challenges, and what follows when both hang up or one gives up, are no news. */
const usual: ReadonlySet<string> = new Set(['401', '407', '481', '487']);

/** A refusal that came in, or nonsense. By its first bytes: every message passes here. */
function isRefusal({ kind, direction, text, fault }: TraceEntry): boolean {
  if (kind !== 'sip' || direction !== 'in') return false;
  return fault !== undefined || (/^SIP\/2\.0 [4-6]/.test(text) && !usual.has(text.slice(8, 11)));
}

/** What is usable of a choice that was kept, perhaps by another version. */
function choiceIn(text: string): Partial<LoggingChoice> {
  let kept: Partial<Record<keyof LoggingChoice, unknown>>;
  try {
    kept = JSON.parse(text) as typeof kept;
  } catch {
    return {};
  }
  const choice: Partial<LoggingChoice> = {};
  for (const name of ['isOn', 'keepsAll', 'hidesText'] as const) {
    const value = kept[name];
    if (typeof value === 'boolean') choice[name] = value;
  }
  const level = levels.find((one) => one === kept.level);
  if (level !== undefined) choice.level = level;
  if (Array.isArray(kept.components)) {
    const wanted = kept.components as unknown[];
    choice.components = components.filter((one) => wanted.includes(one));
  }
  return choice;
}
