import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GroupId, type ItemId, otherContacts } from '../../domain/ids';
import { alice, bob, carol } from '../../testing/people';
import { key, nobody, type Scene } from './scene.contract';

export function describePeople(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  describe('signing in', () => {
    it('tells capabilities, policy, the contact list and oneself before it is done', async () => {
      const person = scene.person(alice);
      const steps: string[] = [];
      const account = await scene.value(person.dialect.signIn((step) => steps.push(step)));
      expect(account.aor).toBe(alice);
      expect(account.displayName).toMatch(/^Alice \p{Lu}/u);
      expect(steps).toEqual(['connecting', 'authenticating', 'loading']);
      expect(person.host.last('capabilities.changed').capabilities).toMatchObject({ conferences: true, notes: true });
      expect(person.host.last('policy.changed').policy.conferences).toBe(true);
      expect(person.host.last('contacts.replaced').groups.map(({ id }) => id)).toContain(otherContacts);
      await scene.elapse(1_000);
      expect(person.host.last('self.changed').self).toMatchObject({ presence: { status: 'available' }, note: '' });
    });

    it('refuses a wrong password and an unknown name alike', async () => {
      for (const person of [scene.person(alice, { password: 'guess' }), scene.person(nobody)]) {
        const outcome = await scene.answered(person.dialect.signIn(() => undefined));
        expect(outcome).toMatchObject({ ok: false, failure: { is: 'rejected' } });
        if (!outcome.ok && outcome.failure.is === 'rejected') expect([401, 403]).toContain(outcome.failure.status);
      }
    });

    it('says offline to every command before', async () => {
      const { dialect } = scene.person(alice);
      const offline = { ok: false, failure: { is: 'offline' } };
      expect(await dialect.presence.setNote('hello')).toEqual(offline);
      expect(await dialect.im.send(dialect.im.thread(bob, key), { id: '1' as ItemId, body: { text: 'x' } })).toEqual(
        offline,
      );
      expect(await dialect.conferences.create('x')).toEqual(offline);
    });
  });

  describe('contacts', () => {
    it('shows an added, moved and removed contact at every endpoint of the person', async () => {
      const [desk, phone] = [await scene.signedIn(alice), await scene.signedIn(alice)];
      await scene.value(desk.dialect.contacts.set({ aor: carol, alias: '', groups: [otherContacts] }));
      await scene.elapse(100);
      expect(phone.host.contacts.get(carol)).toMatchObject({ aor: carol, groups: [otherContacts] });
      const group = await scene.value(phone.dialect.contacts.addGroup('Design'));
      await scene.value(phone.dialect.contacts.set({ aor: carol, alias: 'Caro', groups: [group] }));
      await scene.elapse(100);
      expect(desk.host.contacts.get(carol)).toEqual({ aor: carol, alias: 'Caro', groups: [group] });
      await scene.value(desk.dialect.contacts.remove(carol));
      await scene.elapse(100);
      expect(phone.host.contacts.has(carol)).toBe(false);
      expect(desk.host.contacts.has(carol)).toBe(false);
    });

    it('tells a change before the command is done', async () => {
      const a = await scene.signedIn(alice);
      const group = await scene.value(a.dialect.contacts.addGroup('Suppliers'));
      expect(a.host.groups.get(group)?.name).toBe('Suppliers');
    });

    it('adds, renames and removes groups; members of a removed group stay contacts', async () => {
      const [desk, phone] = [await scene.signedIn(alice), await scene.signedIn(alice)];
      const group = await scene.value(desk.dialect.contacts.addGroup('Design'));
      await scene.value(desk.dialect.contacts.renameGroup(group, 'Drawing'));
      await scene.value(desk.dialect.contacts.set({ aor: carol, alias: '', groups: [group] }));
      await scene.elapse(100);
      expect(phone.host.groups.get(group)?.name).toBe('Drawing');
      await scene.value(phone.dialect.contacts.removeGroup(group));
      await scene.elapse(100);
      expect(desk.host.groups.has(group)).toBe(false);
      expect(desk.host.contacts.get(carol)?.groups).toEqual([otherContacts]);
    });

    it('refuses a group that does not exist', async () => {
      const a = await scene.signedIn(alice);
      const outcome = await scene.answered(a.dialect.contacts.renameGroup('57' as GroupId, 'x'));
      expect(outcome).toMatchObject({ ok: false, failure: { is: 'rejected' } });
    });

    it('gives the list that was left to the next sign-in', async () => {
      const first = await scene.signedIn(alice);
      await scene.value(first.dialect.contacts.set({ aor: carol, alias: '', groups: [otherContacts] }));
      await scene.answered(first.dialect.signOut());
      const second = await scene.signedIn(alice);
      expect(second.host.last('contacts.replaced').contacts.map(({ aor }) => aor)).toContain(carol);
    });
  });

  describe('presence', () => {
    it('shows status and note to a watcher, and one’s own to oneself', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      a.dialect.presence.watch([bob]);
      await scene.elapse(1_000);
      expect(a.host.person(bob).presence?.status).toBe('available');
      await scene.value(b.dialect.presence.setStatus('do-not-disturb'));
      await scene.value(b.dialect.presence.setNote('In Utrecht till Friday'));
      await scene.elapse(1_000);
      expect(a.host.person(bob)).toMatchObject({
        presence: { status: 'do-not-disturb' },
        note: 'In Utrecht till Friday',
      });
      expect(b.host.last('self.changed').self).toMatchObject({
        presence: { status: 'do-not-disturb' },
        picked: 'do-not-disturb',
        note: 'In Utrecht till Friday',
      });
      await scene.value(b.dialect.presence.setStatus('reset'));
      await scene.value(b.dialect.presence.setNote(''));
      await scene.elapse(1_000);
      expect(a.host.person(bob)).toMatchObject({ presence: { status: 'available' }, note: '' });
      expect(b.host.last('self.changed').self).toMatchObject({ picked: 'reset', note: '' });
    });

    it('watches contacts without being asked, also new ones', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      await scene.value(a.dialect.contacts.set({ aor: bob, alias: '', groups: [otherContacts] }));
      await scene.elapse(1_000);
      expect(a.host.person(bob).presence?.status).toBe('available');
      await scene.value(b.dialect.presence.setStatus('busy'));
      await scene.elapse(1_000);
      expect(a.host.person(bob).presence?.status).toBe('busy');
    });

    it('tells what the machine does, and offline when the last endpoint has gone', async () => {
      const [a, b] = [await scene.signedIn(alice), await scene.signedIn(bob)];
      a.dialect.presence.watch([bob]);
      await scene.elapse(1_000);
      b.dialect.presence.setActivity('inactive');
      await scene.elapse(1_000);
      expect(a.host.person(bob).presence?.status).toBe('inactive');
      b.dialect.presence.setActivity('away');
      await scene.elapse(1_000);
      expect(a.host.person(bob).presence?.status).toBe('away');
      await scene.answered(b.dialect.signOut());
      await scene.elapse(1_000);
      expect(a.host.person(bob).presence?.status).toBe('offline');
    });

    it('finds people in the directory', async () => {
      const a = await scene.signedIn(alice);
      const found = await scene.value(a.dialect.directory.find('bob'));
      expect(found.map(({ aor }) => aor)).toEqual([bob]);
      expect(await scene.value(a.dialect.directory.find('zzz'))).toEqual([]);
    });
  });
}
