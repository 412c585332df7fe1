import { method, rule, says, status, unanswered } from './rule';

const registering = method('REGISTER');

/** What a registrar's answer says by its code alone, when nothing more exact was told (`lync-wire` 1). */
export const registrarRules = [
  rule('noSuchAccount', 'yourAdministrator', registering, status(404)),
  rule('signInForbidden', 'yourAdministrator', registering, status(403)),
  rule('redirectedHome', 'nobody', registering, status(301, 302, 305)),
  rule('serverFull', 'yourAdministrator', registering, status(503), says(/full/i)),
  rule('registrarUnavailable', 'yourAdministrator', registering, status(500, 503, 504, 408)),
  rule('registrarSilent', 'yourAdministrator', registering, unanswered),
] as const;
