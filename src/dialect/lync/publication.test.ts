import { beforeEach, describe, expect, it } from 'vitest';
import { noteNode, stateNode } from '../../protocol/lync/categories';
import { faultType, formatFault } from '../../protocol/lync/fault';
import { parsePublish, publishType } from '../../protocol/lync/publish';
import { formatRoamingData, type OwnCategory, selfEvent, selfType } from '../../protocol/lync/roamingSelf';
import { headerOf } from '../../protocol/sip/message';
import type { XmlNode } from '../../protocol/xml';
import { alice } from '../../testing/people';
import { ScriptedHome } from '../../testing/scriptedHome';

function own(name: string, instance: number, container: number, version: number, content: XmlNode) {
  const publishTime = '2026-03-02T08:00:00.000';
  return { name, instance, container, version, expireType: 'static' as const, publishTime, content };
}

function document(...categories: OwnCategory<XmlNode>[]) {
  const body = formatRoamingData(alice, { categories, containers: null, subscribers: null });
  return { contentType: selfType, body };
}

const busy = stateNode({ type: 'userState', manual: true, availability: 6500 });
const aggregate = stateNode({ type: 'aggregateState', availability: 6500 });
const cleared = (name: string): OwnCategory<XmlNode> => {
  return { name, instance: null, container: null, version: 0, expireType: 'static', publishTime: '', content: null };
};

let home: ScriptedHome;
beforeEach(async () => {
  home = new ScriptedHome();
  home.documents.set(
    selfEvent,
    document(
      own('state', 0x2000_0000, 2, 4, busy),
      own('state', 0x2000_0000, 3, 6, busy),
      own('state', 1, 2, 1, aggregate),
      own('note', 0, 200, 2, noteNode('In Utrecht')),
    ),
  );
  await home.signIn();
});

/** What was published since signing in, as `category instance container version expires`. */
function published(): string[][] {
  return home
    .sent('SERVICE')
    .filter((message) => headerOf(message, 'Content-Type') === publishType)
    .slice(1)
    .map(({ body }) =>
      parsePublish(body).publications.map(
        ({ category, instance, container, version, expiresSeconds }) =>
          `${category} ${instance} ${container} ${version} ${expiresSeconds ?? '-'}`,
      ),
    );
}

describe('oneself', () => {
  it('SLF-1, SLF-4 is what the first document says', () => {
    expect(home.host.last('self.changed').self).toMatchObject({
      presence: { status: 'busy' },
      picked: 'busy',
      note: 'In Utrecht',
    });
  });

  it('SLF-2 forgets what is not listed of a category that is named, and SLF-3 a note that is cleared', async () => {
    await home.notify(
      selfEvent,
      document(own('state', 1, 2, 2, stateNode({ type: 'aggregateState', availability: 3500 }))),
    );
    expect(home.host.last('self.changed').self).toMatchObject({
      presence: { status: 'available' },
      picked: 'reset',
      note: 'In Utrecht',
    });
    await home.notify(selfEvent, document(cleared('note')));
    expect(home.host.last('self.changed').self.note).toBe('');
  });
});

describe('publishing', () => {
  it('PUB-1 names the versions that the server told, in the containers of 4.1', async () => {
    const set = home.dialect.presence.setStatus('do-not-disturb');
    await home.settle();
    expect(await set).toEqual({ ok: true, value: undefined });
    expect(published()).toEqual([['state 536870912 2 4 -', 'state 536870912 3 6 -']]);
    void home.dialect.presence.setNote('hello');
    await home.settle();
    expect(published()[1]).toEqual(['note 0 200 2 -', 'note 0 300 0 -', 'note 0 400 0 -']);
  });

  it('PUB-6 deletes what there is, with its version', async () => {
    const reset = home.dialect.presence.setStatus('reset');
    const cleared = home.dialect.presence.setNote('');
    await home.settle();
    expect((await reset).ok && (await cleared).ok).toBe(true);
    expect(published()).toEqual([['state 536870912 2 4 0', 'state 536870912 3 6 0'], ['note 0 200 2 0']]);
  });

  it('PUB-3 takes the versions of a refusal and tries once more, and only once', async () => {
    const body = formatFault([{ index: 2, version: 6, curVersion: 9 }]);
    let refusals = 1;
    home.answers = ({ method }) => {
      if (method !== 'SERVICE' || refusals === 0) return null;
      refusals -= 1;
      return { status: 409, reason: 'Conflict', contentType: faultType, body };
    };
    const set = home.dialect.presence.setStatus('away');
    await home.settle();
    expect(await set).toEqual({ ok: true, value: undefined });
    expect(published().map(([, second]) => second)).toEqual(['state 536870912 3 6 -', 'state 536870912 3 9 -']);
    refusals = 5;
    const again = home.dialect.presence.setStatus('busy');
    await home.settle();
    expect(await again).toMatchObject({ ok: false, failure: { is: 'rejected', status: 409 } });
    expect(published()).toHaveLength(4);
  });

  it('4.5 writes Off Work as Away with its token', async () => {
    void home.dialect.presence.setStatus('off-work');
    await home.settle();
    const body = home.sent('SERVICE').at(-1)?.body ?? '';
    expect(body).toContain('<availability>15500</availability><activity token="off-work"/>');
  });
});
