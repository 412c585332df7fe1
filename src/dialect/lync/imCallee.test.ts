import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headersOf } from '../../protocol/sip/message';
import { firstText, ImScene, key } from '../../testing/imScene';
import { alice, bob } from '../../testing/people';

let scene: ImScene;
beforeEach(async () => {
  scene = await ImScene.open();
});
afterEach(() => scene.bench.close());

function endpointOfAlice() {
  const [endpoint] = scene.bench.home.home.core.registrations.of(alice);
  if (endpoint === undefined) throw new Error('alice is not signed in');
  return endpoint;
}

/** The Supported lines of alice's last answer to an INVITE. */
function supportedInAnswer(): string[] {
  const answer = scene.bench.ladder.of('alice', 'out', 'INVITE').at(-1);
  return answer === undefined ? [] : headersOf(answer, 'Supported');
}

describe('the callee', () => {
  it('IM-3 says Supported: ms-text-format when it has kept the first text, and not before', async () => {
    let kept: () => void = () => undefined;
    scene.host.onKeep = () => new Promise((resolve) => (kept = resolve));
    const exchange = await scene.ringing([firstText('hello'), ['Confab-Item', 'b1']]);
    expect(exchange.answers.map(({ status }) => status)).toEqual([100, 180]);
    const { thread } = scene.host.last('im.invited');
    scene.a.im.accept(thread);
    await scene.bench.settle();
    expect(exchange.isAnswered).toBe(false);
    kept();
    await scene.bench.settle();
    expect(exchange.final.status).toBe(200);
    expect(supportedInAnswer()).toEqual(['ms-text-format', 'com.confab.item', 'com.confab.file']);
    expect(scene.host.kept).toMatchObject([{ thread, peer: bob, key, id: 'b1', body: { text: 'hello' } }]);
  });

  it('IM-3 says nothing of a text where there was none', async () => {
    const exchange = await scene.ringing();
    expect(scene.host.last('im.invited').text).toBe('');
    scene.a.im.accept(scene.host.last('im.invited').thread);
    await scene.bench.settle();
    expect(exchange.final.status).toBe(200);
    expect(supportedInAnswer()).toEqual(['com.confab.item', 'com.confab.file']);
    expect(scene.host.kept).toEqual([]);
  });

  it('IM-3 refuses with 500 when the first text cannot be kept', async () => {
    scene.host.onKeep = () => Promise.reject(new Error('disk full'));
    const exchange = await scene.ringing([firstText('hello')]);
    scene.a.im.accept(scene.host.last('im.invited').thread);
    await scene.bench.settle();
    expect(exchange.final.status).toBe(500);
  });

  it('5.4 answers a MESSAGE when it is kept: 200, or 500 when it cannot be', async () => {
    const exchange = await scene.answered();
    let kept: () => void = () => undefined;
    scene.host.onKeep = () => new Promise((resolve) => (kept = resolve));
    const text = { contentType: 'text/plain; charset=UTF-8', body: 'kept?' };
    const message = scene.b.inDialog(exchange, 'MESSAGE', { ...text, headers: [['Confab-Item', 'b2']] });
    await scene.bench.settle();
    expect(message.isAnswered).toBe(false);
    kept();
    await scene.bench.settle();
    expect(message.final.status).toBe(200);
    expect(scene.host.kept.at(-1)).toMatchObject({ id: 'b2', body: { text: 'kept?' } });
    scene.host.onKeep = () => Promise.reject(new Error('disk full'));
    const lost = scene.b.inDialog(exchange, 'MESSAGE', text);
    await scene.bench.settle();
    expect(lost.final.status).toBe(500);
  });

  it.each([
    ['image/gif', 'GIF89a', 415],
    ['multipart/alternative', 'no boundary', 400],
    ['text/html', '<b>bold</b>', 200],
  ])('5.4 answers a MESSAGE of %s', async (contentType, body, status) => {
    const exchange = await scene.answered();
    const message = scene.b.inDialog(exchange, 'MESSAGE', { contentType, body });
    await scene.bench.settle();
    expect(message.final.status).toBe(status);
  });

  it('5.5 shows typing of both kinds, answers nonsense with 400, and goes on', async () => {
    const exchange = await scene.answered();
    const info = (contentType: string, body: string, method = 'INFO') =>
      scene.b.inDialog(exchange, method, { contentType, body });
    const typing = info('application/xml', '<KeyboardActivity><status status="type"/></KeyboardActivity>');
    await scene.bench.settle();
    expect(typing.final.status).toBe(200);
    expect(scene.host.last('im.typing').typing).toBe(true);
    const nonsense = info('application/xml', '<KeyboardActivity>');
    await scene.bench.settle();
    expect(nonsense.final.status).toBe(400);
    const idle = '<isComposing><state>idle</state></isComposing>';
    info('application/im-iscomposing+xml', idle, 'MESSAGE');
    await scene.bench.settle();
    expect(scene.host.last('im.typing').typing).toBe(false);
  });

  it('IM-6 gives up the old dialog for a new INVITE of the same peer', async () => {
    await scene.talking();
    const exchange = await scene.ringing();
    expect(scene.bench.ladder.linesOf('alice', '-> server BYE')).toHaveLength(1);
    scene.b.answer(scene.b.expect('BYE'), 200, 'OK');
    scene.a.im.accept(scene.host.last('im.invited').thread);
    await scene.bench.settle();
    scene.b.acknowledge(exchange);
    void scene.say('in the new one');
    await scene.bench.settle();
    expect(scene.b.expect('MESSAGE').raw('call-id')).toBe('bob-calls');
  });

  it('takes an answer in words for an acceptance', async () => {
    const exchange = await scene.ringing([firstText('hello')]);
    void scene.say('hello yourself');
    await scene.bench.settle();
    expect(exchange.final.status).toBe(200);
    expect(scene.host.texts).toEqual(['hello']);
    expect(scene.b.expect('MESSAGE').body).toBe('hello yourself');
  });

  it('declines with 603', async () => {
    const exchange = await scene.ringing([firstText('hello')]);
    scene.a.im.decline(scene.host.last('im.invited').thread);
    await scene.bench.settle();
    expect(exchange.final.status).toBe(603);
  });

  it('MPO-3 tells that the caller gave up', async () => {
    await scene.ringing([firstText('hello')]);
    const { thread } = scene.host.last('im.invited');
    scene.b.connection.lose();
    await scene.bench.elapse(1_000);
    expect(scene.host.last('im.withdrawn')).toEqual({ type: 'im.withdrawn', thread, elsewhere: false });
  });

  it('5.9 accepts a MESSAGE outside any dialog', async () => {
    const page = scene.b.request('MESSAGE', alice, {
      contentType: 'text/plain',
      body: 'page',
      headers: [['Ms-Conversation-ID', key]],
    });
    await scene.bench.settle();
    expect(page.final.status).toBe(200);
    expect(scene.host.kept).toMatchObject([{ thread: scene.thread, peer: bob, from: bob, body: { text: 'page' } }]);
  });

  it('5.9 takes a MESSAGE of a dialog that it does not know into the exchange that stands (SIPE, after a crossing)', async () => {
    await scene.talking();
    const stray = { contentType: 'text/plain', body: 'stray', callId: 'mixed-up', toTag: 'of-another' };
    const page = scene.b.request('MESSAGE', endpointOfAlice().gruu, stray);
    await scene.bench.settle();
    expect(page.final.status).toBe(200);
    expect(scene.host.kept).toMatchObject([{ thread: scene.thread, key, from: bob, body: { text: 'stray' } }]);
    const answer = scene.say('answer');
    await scene.bench.settle();
    scene.b.answer(scene.b.expect('MESSAGE'), 200, 'OK');
    await scene.bench.settle();
    expect((await answer).ok).toBe(true);
  });

  it('5.9 takes no MESSAGE of a chat that it left for its organizer’s', async () => {
    const { gruu, flow } = endpointOfAlice();
    const chat = `${bob};gruu;opaque=app:conf:chat:id:7K2M9QXA`;
    flow.send(
      `MESSAGE ${gruu} SIP/2.0\r\nVia: SIP/2.0/WS fe1.contoso.example;branch=z9hG4bKlate\r\nFrom: <${chat}>;tag=m1\r\n` +
        `To: <${alice}>;tag=left\r\nCall-ID: left\r\nCSeq: 5 MESSAGE\r\nMs-Sender: <${bob}>\r\n` +
        'Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nlate',
    );
    await scene.bench.settle();
    expect(scene.bench.ladder.linesOf('alice', '-> server 481 MESSAGE')).toHaveLength(1);
    expect(scene.host.kept).toEqual([]);
  });

  it.each([
    ['EndPoints', `<${alice}>, <${bob}>, <sip:carol@contoso.example>`],
    ['TriggeredInvite', 'TRUE'],
  ])('5.10 refuses the meshes of 2005 with 488 (%s)', async (name, value) => {
    const exchange = await scene.ringing([[name, value]]);
    expect(exchange.final.status).toBe(488);
    expect(scene.host.all('im.invited')).toEqual([]);
  });
});
