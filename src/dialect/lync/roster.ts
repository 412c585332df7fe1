import type { Participant } from '../../domain/conference';
import type { Provenance } from '../../domain/provenance';
import type { ConferenceDescription, ConferenceInfo, ConferenceUser } from '../../protocol/shared/conferenceInfo';
import type { Aor, FocusUri } from '../../protocol/sip/uri';
import type { Report } from '../dialect';

/** What the focus has told of a conference so far. */
export interface ConferenceState {
  version: number;
  description: ConferenceDescription | null;
  users: ReadonlyMap<Aor, ConferenceUser>;
  /** By which document each was told last. */
  toldBy: ReadonlyMap<Aor, Provenance>;
  locked: boolean;
}

export const untold: ConferenceState = {
  version: 0,
  description: null,
  users: new Map(),
  toldBy: new Map(),
  locked: false,
};

/** CNF-15: a full document replaces, a partial one must follow the last; `gap` asks for a new subscription. */
export function applyInfo(
  state: ConferenceState,
  info: ConferenceInfo,
  provenance: Provenance = {},
): ConferenceState | 'gap' {
  const told = new Map((info.users ?? []).map(({ aor }) => [aor, provenance]));
  if (info.state === 'full') {
    return {
      version: info.version,
      description: info.description,
      users: usersOf(new Map(), info.users ?? []),
      toldBy: told,
      locked: info.locked ?? false,
    };
  }
  if (info.version !== state.version + 1) return 'gap';
  return {
    version: info.version,
    description: info.description ?? state.description,
    users: info.users === null ? state.users : usersOf(state.users, info.users),
    toldBy: told.size === 0 ? state.toldBy : new Map([...state.toldBy, ...told]),
    locked: info.locked ?? state.locked,
  };
}

/** CNF-16: a user is told complete. CNF-17: who left is told as deleted. */
function usersOf(before: ReadonlyMap<Aor, ConferenceUser>, told: readonly ConferenceUser[]): Map<Aor, ConferenceUser> {
  const users = new Map(before);
  for (const user of told) {
    if (user.isDeleted) users.delete(user.aor);
    else users.set(user.aor, user);
  }
  return users;
}

/** CNF-18: in the chat is who has a connected endpoint of session type `chat`. */
export function participantsOf(state: ConferenceState): Participant[] {
  return [...state.users.values()].map(({ aor, displayName, role, endpoints }) => {
    const inChat = endpoints.some(({ sessionType, status }) => sessionType === 'chat' && status === 'connected');
    return { aor, displayName, role, inChat, sharing: sharingOf(endpoints), ...state.toldBy.get(aor) };
  });
}

/** What the floor above is told of it. */
export function changedOf(focus: FocusUri, state: ConferenceState): Extract<Report, { type: 'conference.changed' }> {
  const { description, locked } = state;
  return {
    type: 'conference.changed',
    focus,
    subject: description?.subject ?? '',
    organizer: description?.organizer?.aor ?? null,
    locked,
    maxSize: description?.maxSize ?? null,
    sharing: description === null || description.sharingUri === null ? 'nobody' : (description.sharing ?? 'everyone'),
    roster: participantsOf(state),
  };
}

/** 7.1: the sharer's endpoint is `sendonly`, a viewer's `recvonly`; who paused (SHR-4) or hides (SHR-5) is `inactive`. */
function sharingOf(endpoints: ConferenceUser['endpoints']): Participant['sharing'] {
  const directions = endpoints.flatMap(({ sessionType, flow }) =>
    sessionType === 'applicationsharing' && flow !== null ? [flow.direction] : [],
  );
  if (directions.includes('sendonly') || directions.includes('sendrecv')) return 'sharer';
  if (directions.includes('recvonly')) return 'viewer';
  return directions.includes('inactive') ? 'inactive' : null;
}
