import type { CheckState, Link } from '../../domain/checkup';
import type { Failure } from '../../domain/failure';
import { toldBy } from '../../domain/provenance';
import type { NewEntry } from '../../trace/entry';
import { type Explanation, explanationsOf, verdictOf } from '../../trace/explain/explain';
import { TraceIndex } from '../../trace/traceIndex';
import { linkOf } from './linkOf';

type Broken = Extract<CheckState, { is: 'broken' }>;

/** What a walk of the doctor has seen: the messages of its endpoints and its own notes, explained as any trace is. */
export class Evidence {
  readonly #index = new TraceIndex();
  /** The number in the log of each entry, 0 where it is not logged. */
  readonly #frames: number[] = [];

  add(entry: NewEntry, frame: number): void {
    this.#frames.push(frame);
    this.#index.add([{ ...entry, seq: this.#frames.length }]);
  }

  /** The first explanation of each link that is broken by what was seen so far. */
  broken(): Map<Link, Broken> {
    return this.#byLink(explanationsOf(this.#index.rows));
  }

  /** The same for a link that is known to be broken: what is the ordinary course of things elsewhere may be why. */
  why(link: Link, failure: Failure): Broken {
    const ordinary = this.#byLink(explanationsOf(this.#index.rows, true)).get(link);
    return ordinary ?? { is: 'broken', verdict: null, failure, evidence: null };
  }

  #byLink(explanations: readonly Explanation[]): Map<Link, Broken> {
    const found = new Map<Link, Broken>();
    // A note knows more than the socket that it is about.
    const isNote = ({ flow }: Explanation): number => (flow.note === null ? 1 : 0);
    for (const explanation of explanations.toSorted((one, other) => isNote(one) - isNote(other))) {
      const link = linkOf(explanation);
      if (!found.has(link)) found.set(link, this.#state(explanation));
    }
    return found;
  }

  #state(explanation: Explanation): Broken {
    const { entry, frame } = explanation.flow.response ?? explanation.flow.request ?? explanation.flow.row;
    const line = frame.is === 'note' ? (entry.text.split('\n', 1)[0] ?? '') : startLine(explanation);
    const at = { at: entry.at, line, callId: frame.callId, ...toldBy(this.#frames[entry.seq - 1] ?? 0) };
    return { is: 'broken', verdict: verdictOf(explanation), failure: null, evidence: at };
  }
}

function startLine({ flow: { method, status, responseMessage } }: Explanation): string {
  return `${method} ${status === 0 ? '' : `${status} ${responseMessage?.reason ?? ''}`}`.trim();
}
