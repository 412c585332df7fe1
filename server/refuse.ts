import { formatDiagnostics } from '../src/protocol/sip/headers';
import type { Reply, RoleContext } from './role';

/** Answers with a refusal and its `ms-diagnostics` ([MS-OCER]). */
export function refuse(
  context: RoleContext,
  reply: Reply,
  status: number,
  reason: string,
  id: number,
  why: string,
): void {
  const diagnostics = formatDiagnostics({ id, reason: why, source: context.serverUri.split(':')[0] ?? '' });
  reply(status, reason, { headers: [['ms-diagnostics', diagnostics]] });
}
