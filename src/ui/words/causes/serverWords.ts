import type { Cause } from '../../../trace/explain/explain';
import { type Sentence, say, sendTrace, tellAdministrator, titleOf, tryAgain } from './said';

const byItself = 'Nothing: Confab asks again by itself.';

/** Contacts, presence, settings and conferences. */
export const serverWords = {
  contactsFull: say(
    'Your contact list is full',
    'The server keeps only so many contacts for a person.',
    'Remove contacts that you do not need.',
  ),
  groupsFull: say('You have as many groups as the server allows', 'Lync knows at most 64.', 'Remove a group first.'),
  accessListFull: say(
    'The list of people with their own access level is full',
    'The server keeps only so many exceptions.',
    'Remove some of them.',
  ),
  contactTooLarge: say('What was kept with this contact is too large', 'The server limits it.', sendTrace),
  publicationTooLarge: say(
    'What you published is too large',
    'The server limits notes, cards and other presence.',
    'Make your note shorter.',
  ),
  tooManySubscriptions: say(
    'You watch more people than the server allows',
    'It limits how many presences one person follows.',
    'Remove contacts that you do not need.',
    tellAdministrator,
  ),
  categoriesRequired: say(
    'The server wanted a newer way of asking for presence',
    'It refuses requests without msrtc-event-categories.',
    sendTrace,
  ),
  subscriptionGone: say(
    'The server had forgotten what you follow',
    'A subscription ends when it is not renewed in time, or when the server starts anew.',
    byItself,
  ),
  groupNameTaken: say(
    'There is a group with this name already',
    'Two groups cannot have the same name.',
    'Choose another name.',
  ),
  subscriptionReplaced: say(
    'A newer subscription took the place of this one',
    'This device asked again, and the server ended the old one.',
    'Nothing.',
  ),
  delegatesChanged: say(
    'The delegates were changed elsewhere at the same time',
    'What was sent was based on an older list.',
    tryAgain,
  ),
  subscriberUnknown: say(
    'That person does not exist any more',
    'You confirmed somebody who is unknown to the server.',
    'Nothing.',
  ),
  contactUnknown: say(
    'The contact is not in the list any more',
    'Another device of yours removed it.',
    'Nothing: the list is brought up to date by itself.',
  ),
  groupUnknown: say(
    'The group is not there any more',
    'Another device of yours removed it.',
    'Nothing: the list is brought up to date by itself.',
  ),
  publicationReadOnly: say('This part of presence is written by the server', 'A program may not change it.', sendTrace),
  notYoursToSee: ({ said }) => ({
    title: 'The server does not let you see that',
    why: `It shows this to its owner, or to fewer people, only.${said}`,
    todo: ['Ask the person to give you access.', tellAdministrator],
  }),
  publisherUnknown: say(
    'The server does not know who publishes',
    'Your account was not found when your status was to be published.',
    'Ask your administrator whether the account is whole.',
  ),
  contactListChanged: say(
    'The contact list was changed elsewhere at the same time',
    'Another device of yours was quicker, so this change was based on an old list.',
    tryAgain,
  ),
  publicationChanged: say(
    'Your status was changed elsewhere at the same time',
    'Two devices of yours published at once. The server takes the first and tells the second the current version.',
    byItself,
  ),
  eventUnknown: say(
    'The server does not offer this',
    'It does not know the kind of news that was asked for.',
    'Nothing: Confab goes on without it.',
  ),
  subscriptionForbidden: ({ said }) => ({
    title: 'The server does not let you follow that',
    why: `Somebody, or a rule, has forbidden it.${said}`,
    todo: ['Ask the person, or your administrator.'],
  }),
  watchedUnknown: ({ who }) => ({
    title: 'There is no such person to follow',
    why: `The server knows no account ${who}.`,
    todo: ['Check the address, or remove the contact.'],
  }),
  settingsRefused: say(
    'The server did not give its settings',
    'Without them this program does not know what you may do, and offers no conferences.',
    'Sign out and in again.',
    tellAdministrator,
  ),
  directoryFailed: ({ code }) => ({
    title: 'The directory could not be searched',
    why: `The server answered ${code}.`,
    todo: ['Try again later, or enter the whole address.', tellAdministrator],
  }),
  publishForbidden: ({ said }) => ({
    title: 'The server did not take your status',
    why: `It does not let you publish this.${said}`,
    todo: [tryAgain, tellAdministrator],
  }),
  subscriptionRejected: say(
    'The server ended this for good',
    'You may not follow it any more.',
    'Ask the person, or your administrator.',
  ),
  subscribedNothing: say('What you followed is not there any more', 'The server ended the subscription.', 'Nothing.'),
  subscriptionTimedOut: say('A subscription was not renewed in time', 'The computer may have slept.', byItself),
  subscriptionEnded: say(
    'The server ended a subscription',
    'It does so when it restarts or moves your account.',
    byItself,
  ),

  conferenceEnded: say(
    'The conference ended',
    'Its organizer ended it, everybody left, or its time was over.',
    'Nothing.',
  ),
  notDeliveredInConference: ({ who }) => ({
    title: 'One person in the conference did not get your message',
    why: `The others did. The server could not deliver it to ${who === 'the other person' ? 'one device' : who}.`,
    todo: ['Write to that person directly.'],
  }),
  conferenceLocked: say(
    'The conference is locked',
    'A presenter lets nobody else in.',
    'Ask a presenter to unlock it.',
  ),
  conferenceFull: say(
    'The conference is full',
    'Its organizer’s policy lets only so many people in.',
    'Ask somebody to leave, or your administrator for a higher limit.',
  ),
  conferencesForbidden: say(
    titleOf({ is: 'forbidden', policy: 'conferences' }),
    'A policy forbids it for your account.',
    'Let a colleague start it and invite you.',
    'Or ask your administrator.',
  ),
  tooManyConferences: say(
    'You have too many conferences',
    'The server keeps only so many for a person.',
    'End those that are over.',
  ),
  onlyPresenters: say(
    titleOf({ is: 'forbidden', policy: 'role' }),
    'You are an attendee in this conference.',
    'Ask a presenter to make you one.',
  ),
  removedFromConference: say('You were removed from the conference', 'A presenter removed you.', 'Ask the organizer.'),
  conferenceForbidden: ({ said }) => ({
    title: 'You may not be in this conference',
    why: `It is for invited people, or for its own organization.${said}`,
    todo: ['Ask the organizer to invite you.'],
  }),
  dialOutForbidden: say(
    'You may not call people into this conference',
    'Attendees may not, by the organizer’s policy.',
    'Ask a presenter to do it.',
  ),
  commandNotOffered: say(
    'The conference server does not offer this',
    'It does not know the command.',
    'Do without it, or ask your administrator.',
  ),
  sessionTimerMissing: say(
    'The conference server wanted a session timer',
    'It refuses to let anybody in without one.',
    sendTrace,
  ),
  noSuchConference: say(
    'There is no such conference any more',
    'It ended, has expired, or the address is not right.',
    'Ask for a new invitation.',
  ),
  commandMisspoken: ({ said }) => ({
    title: 'The conference server did not understand a command',
    why: `It could not use what this program sent.${said}`,
    todo: [sendTrace],
  }),
  chatMoving: say('The chat of the conference moves to another server', 'You are asked to come back there.', byItself),
  chatEndedOurs: say(
    'The conference server ended your part in the chat',
    'It lost the connection to this device, or cleared up.',
    'Join again.',
  ),
  outsideDialog: say(
    'A message came to the conference from nowhere',
    'The server takes messages of members only, and had already let this device go.',
    'Join again, then send it.',
  ),
  someoneElseShares: say('Somebody else began to share', 'Only one window can be shared in a conference.', 'Nothing.'),
  attendeesCannotShare: say(
    'Attendees cannot share in this conference',
    'Only presenters may.',
    'Ask a presenter to make you one.',
  ),
  groupChatFailed: say(
    'Group chat does not work here',
    'The server for persistent rooms is missing or refused.',
    'Ask your administrator.',
  ),
  conferenceLost: say(
    'The conference did not know this device any more',
    'The connection was lost for too long, or the server started anew.',
    'Join again.',
  ),
  commandFailed: ({ said }) => ({
    title: 'The conference server could not do it',
    why: `It understood the command and failed.${said}`,
    todo: [tryAgain, tellAdministrator],
  }),
  conferenceServerFailed: ({ code }) => ({
    title: 'The conference server has trouble',
    why: `It answered ${code}.`,
    todo: ['Try again in a minute.', tellAdministrator],
  }),
} satisfies Partial<Record<Cause, Sentence>>;
