import { type CccpRequest, cccpType, parseCccpRequest } from '../../src/protocol/lync/cccp';
import { type ConferenceCommand, parseCommand } from '../../src/protocol/lync/conferenceCommands';
import { MalformedBody } from '../../src/protocol/malformed';
import { aorOf, opaqueOf } from '../../src/protocol/sip/uri';
import { refuse } from '../refuse';
import type { Reply, RoleContext, RoleRequest } from '../role';

export interface CommandIn {
  envelope: CccpRequest;
  command: ConferenceCommand;
}

/** The C3P command that a request carries from its own sender to where it goes (6.1); `null` when that was refused. */
export function commandIn(context: RoleContext, request: RoleRequest, target: string, reply: Reply): CommandIn | null {
  const no = (id: number, why: string): null => {
    refuse(context, reply, 400, 'Bad Request', id, why);
    return null;
  };
  if (request.contentType !== cccpType) {
    reply(415, 'Unsupported Media Type', { headers: [['Accept', cccpType]] });
    return null;
  }
  try {
    const envelope = parseCccpRequest(request.body);
    if (aorOf(envelope.from) !== request.from.aor) return no(3000, 'The C3P sender is not you');
    if (!isSame(envelope.to, target)) return no(3001, 'The C3P command is for somewhere else');
    return { envelope, command: parseCommand(envelope.command) };
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return no(3006, 'The C3P command cannot be read');
  }
}

/** `lync-wire` 0.3 rule a. */
function isSame(one: string, other: string): boolean {
  return aorOf(one) === aorOf(other) && opaqueOf(one) === opaqueOf(other);
}
