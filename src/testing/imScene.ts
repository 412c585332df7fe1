import type { SipMessage as WireMessage } from '../../server/codec';
import type { Exchange, TestEndpoint } from '../../server/testing/endpoint';
import type { Dialect } from '../dialect/dialect';
import type { ItemId } from '../domain/ids';
import { encodeBase64 } from '../protocol/base64';
import { formatImOffer } from '../protocol/sip/imOffer';
import { HomeBench } from './homeBench';
import { alice, bob } from './people';
import { Recorder } from './recorder';

export const key = 'AdK7Qm9sa1Rpbm55RXhhbXBsZQ==';

const sdp = (uri: string | null) => {
  return { contentType: 'application/sdp', body: formatImOffer({ uri, acceptTypes: ['text/plain'] }) };
};

/** The header that carries a first text. */
export function firstText(text: string): [string, string] {
  return ['ms-text-format', `text/plain; charset=UTF-8;ms-body=${encodeBase64(new TextEncoder().encode(text))}`];
}

/** Alice's dialect at the home server, and opposite her a client of Bob's that answers as the test says. */
export class ImScene {
  readonly bench = new HomeBench();
  readonly host = new Recorder();
  readonly a: Dialect;
  readonly b: TestEndpoint;
  /** Of the last message that alice said. */
  item = 'item-0';
  #items = 0;

  private constructor() {
    this.a = this.bench.dialect(alice, this.host);
    this.b = this.bench.home.signIn('bob@contoso.example');
  }

  static async open(): Promise<ImScene> {
    const scene = new ImScene();
    const signedIn = scene.a.signIn(() => undefined);
    await scene.bench.elapse(1_000);
    if (!(await signedIn).ok) throw new Error('alice is not signed in');
    scene.bench.ladder.clear();
    return scene;
  }

  get thread() {
    return this.a.im.thread(bob, key);
  }

  say(text: string, html?: string) {
    this.#items += 1;
    this.item = `item-${this.#items}`;
    const body = html === undefined ? { text } : { text, html };
    return this.a.im.send(this.thread, { id: this.item as ItemId, body });
  }

  /** Bob's 200, with these tokens in Supported lines. */
  accept(invite: WireMessage, ...supported: string[]): void {
    this.b.answer(invite, 200, 'OK', { headers: supported.map((token) => ['Supported', token] as const), ...sdp(bob) });
  }

  /** Alice and Bob have a session that Alice began; the ladder begins after it. */
  async talking(): Promise<void> {
    const sent = this.say('first');
    await this.bench.settle();
    this.accept(this.b.expect('INVITE'), 'ms-text-format');
    await this.bench.settle();
    if (!(await sent).ok) throw new Error('the first text is not sent');
    this.b.incoming.length = 0;
    this.bench.ladder.clear();
  }

  /** Bob's INVITE; alice's client rings. */
  async ringing(headers: [string, string][] = [], callId = 'bob-calls'): Promise<Exchange> {
    const exchange = this.b.request('INVITE', alice, {
      ...sdp(null),
      callId,
      headers: [['Ms-Conversation-ID', key], ...headers],
    });
    await this.bench.settle();
    return exchange;
  }

  /** Alice and Bob have a session that Bob began. */
  async answered(): Promise<Exchange> {
    const exchange = await this.ringing();
    this.a.im.accept(this.host.last('im.invited').thread);
    await this.bench.settle();
    this.b.acknowledge(exchange);
    return exchange;
  }
}
