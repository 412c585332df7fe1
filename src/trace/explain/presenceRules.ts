import { terminationOf } from './flow';
import { about, either, method, rule, status, type Test, told, weAsked } from './rule';

/** Contacts, presence and subscriptions ([MS-PRES], [MS-SIP], RFC 6665; `lync-wire` 3, 4, 9.2). */

const hasConflict: Test = ({ body }) => body.is === 'conflict';
const terminated =
  (...reasons: readonly string[]): Test =>
  (flow) => {
    const reason = terminationOf(flow);
    return reason !== null && (reasons.length === 0 || reasons.includes(reason));
  };

export const presenceRules = [
  rule('contactsFull', 'you', told(2007)),
  rule('groupsFull', 'you', told(2008)),
  rule('accessListFull', 'you', told(2006)),
  rule('contactTooLarge', 'program', told(2009)),
  rule('publicationTooLarge', 'program', told(2010)),
  rule('tooManySubscriptions', 'program', told(2011, 2012)),
  rule('categoriesRequired', 'program', told(2013)),
  rule('subscriptionGone', 'nobody', told(2014, 2016)),
  rule('groupNameTaken', 'you', told(2015)),
  rule('subscriptionReplaced', 'nobody', told(2139)),
  rule('delegatesChanged', 'nobody', told(2141)),
  rule('subscriberUnknown', 'you', told(2000)),
  rule('contactUnknown', 'nobody', told(2001)),
  rule('groupUnknown', 'nobody', told(2002)),
  rule('publicationReadOnly', 'program', told(2003)),
  rule('notYoursToSee', 'yourAdministrator', told(2004)),
  rule('publisherUnknown', 'yourAdministrator', told(2005)),
  rule('contactListChanged', 'nobody', about('contacts'), status(409)),
  rule('publicationChanged', 'nobody', either(hasConflict, status(409)), about('publishing', 'self', 'presence')),
  rule('eventUnknown', 'yourAdministrator', status(489)),
  rule('subscriptionGone', 'nobody', method('SUBSCRIBE'), status(481)),
  rule('subscriptionForbidden', 'yourAdministrator', method('SUBSCRIBE'), weAsked, status(403, 603)),
  rule('watchedUnknown', 'you', method('SUBSCRIBE'), about('presence'), status(404)),
  rule('conferenceEnded', 'nobody', about('roster'), terminated('noresource', 'deactivated', '')),
  rule('subscriptionRejected', 'yourAdministrator', terminated('rejected')),
  rule('subscribedNothing', 'nobody', terminated('noresource', 'invariant')),
  rule('subscriptionTimedOut', 'program', terminated('timeout')),
  rule('subscriptionEnded', 'nobody', terminated()),
  rule('settingsRefused', 'yourAdministrator', about('settings'), status(403, 404, 489)),
  rule('directoryFailed', 'yourAdministrator', about('directory'), ({ status: code }) => code >= 400),
  rule('publishForbidden', 'yourAdministrator', about('publishing'), status(403)),
] as const;
