import { either, method, not, rule, says, status, told, weAsked, withPerson } from './rule';

/** The way of a request through servers, and over the border to other organizations ([MS-OCER] 1000 to 1034, 4, 10003). */
export const routingRules = [
  rule('publicImForbidden', 'yourAdministrator', told(1001)),
  rule('federationForbidden', 'yourAdministrator', told(1002)),
  rule('outsideForbidden', 'yourAdministrator', told(1012)),
  rule('domainNotFound', 'theirAdministrator', told(1008)),
  rule('domainRecordsConflict', 'theirAdministrator', told(1009)),
  rule('hostNotFound', 'theirAdministrator', told(1014)),
  rule('certificateNotTrusted', 'yourAdministrator', told(1010)),
  rule('domainPairUnroutable', 'yourAdministrator', told(1017)),
  rule('typeNotFederated', 'yourAdministrator', told(1027)),
  rule('otherSideSaidNothing', 'theirAdministrator', told(1011, 1034)),
  rule('gatewayRefused', 'yourAdministrator', told(10003)),
  rule('bandwidthRefused', 'network', told(4)),
  rule('contentForbidden', 'yourAdministrator', says(/not allowed by policy|content.*(?:policy|filter)/i)),
  rule('contentForbidden', 'yourAdministrator', ({ told: all }) => all.some(({ id }) => id >= 16_000 && id < 17_000)),
  rule('domainUnroutable', 'theirAdministrator', told(1005)),
  rule('routeGone', 'nobody', told(1004)),
  rule('peerConnectionLost', 'peer', told(1006)),
  rule('personOffline', 'peer', told(1007), status(480)),
  rule('temporarilyUnroutable', 'yourAdministrator', told(1007)),
  rule('loopFound', 'yourAdministrator', status(482)),
  rule('tooManyHops', 'yourAdministrator', status(483)),
  rule('extensionRequired', 'program', status(421), not(told(2013, 3010))),
  rule('extensionUnknown', 'yourAdministrator', status(420)),
  rule('noSuchPerson', 'you', told(1003, 4005, 4006), either(withPerson, method('MESSAGE')), weAsked),
] as const;
