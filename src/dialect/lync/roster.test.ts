import { describe, expect, it } from 'vitest';
import type { ConferenceInfo, ConferenceUser } from '../../protocol/shared/conferenceInfo';
import type { Aor } from '../../protocol/sip/uri';
import { alice, bob, carol } from '../../testing/people';
import { applyInfo, type ConferenceState, participantsOf, untold } from './roster';

function user(aor: Aor, chat: string | null, isDeleted = false): ConferenceUser {
  const focus = { entity: '{1}', sessionType: 'focus' as const, status: 'connected', uri: null, flow: null };
  const inChat =
    chat === null ? [] : [{ entity: '{2}', sessionType: 'chat' as const, status: chat, uri: null, flow: null }];
  return { aor, displayName: aor, role: 'attendee', endpoints: [focus, ...inChat], isDeleted };
}

function info(state: 'full' | 'partial', version: number, users: ConferenceUser[] | null): ConferenceInfo {
  return { entity: 'f', state, version, description: null, users, locked: null };
}

const full = applyInfo(untold, info('full', 4, [user(alice, 'connected'), user(bob, null)])) as ConferenceState;
const here = (state: ConferenceState | 'gap') =>
  state === 'gap' ? state : participantsOf(state).map(({ aor, inChat }) => `${aor}${inChat ? ' chats' : ''}`);

describe('the roster', () => {
  it('CNF-15 takes a full document for all there is', () => {
    expect(here(applyInfo(full, info('full', 9, [user(carol, 'connected')])))).toEqual([`${carol} chats`]);
  });

  it('CNF-16 takes a user of a partial document complete', () => {
    const next = applyInfo(full, info('partial', 5, [user(alice, null)]));
    expect(here(next)).toEqual([alice, bob]);
  });

  it('CNF-17 removes who is told as deleted, not who is absent', () => {
    const next = applyInfo(full, info('partial', 5, [user(bob, null, true), user(carol, null)]));
    expect(here(next)).toEqual([`${alice} chats`, carol]);
  });

  it('CNF-18 counts only a connected chat endpoint', () => {
    const next = applyInfo(full, info('partial', 5, [user(alice, 'on-hold'), user(bob, 'connected')]));
    expect(here(next)).toEqual([alice, `${bob} chats`]);
  });

  it.each([4, 6, 0])('CNF-15 finds a gap when version %i follows 4', (version) => {
    expect(applyInfo(full, info('partial', version, []))).toBe('gap');
  });

  it('keeps what a partial document does not name', () => {
    const locked = applyInfo(full, { ...info('partial', 5, null), locked: true }) as ConferenceState;
    expect(here(locked)).toEqual(here(full));
    expect((applyInfo(locked, info('partial', 6, null)) as ConferenceState).locked).toBe(true);
  });
});
