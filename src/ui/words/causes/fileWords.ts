import { say, tellAdministrator, tryAgain } from './said';

/** Files of conferences. */
export const fileWords = {
  fileNotKept: say(
    'The server does not keep this file any more',
    'It keeps a file for some days and as long as its conference lives, and what did not arrive whole for a day.',
    'Ask for it again, or send it again.',
  ),
  filesForbidden: say(
    'Your organization does not let you send or receive files',
    'The policy of your account says so.',
    'Ask your administrator if you need it.',
  ),
  fileTooLarge: say(
    'The file is larger than you may send',
    'The server and the policy of your account limit it.',
    'Send it in parts, or in another way.',
  ),
  fileKindForbidden: say(
    'Your organization does not let files of this kind be sent',
    'What runs by a double click is usually blocked.',
    'Put it into an archive, or ask your helpdesk.',
  ),
  noRoomForYourFiles: say(
    'Your files take all the room that you have on the server',
    'Each person has so much; files that are being sent count whole.',
    'Wait until some expire.',
    tellAdministrator,
  ),
  fileStoreFull: say(
    'The server has no room for more files',
    'All that it sets aside for files is taken, or its disk is nearly full.',
    tryAgain,
    tellAdministrator,
  ),
  tooManyUploads: say(
    'Too many of your files have not got to the server yet',
    'It lets a person begin so many at a time; what is left lying is given up after a day.',
    'Wait for those under way, then try again.',
  ),
  fileNotForYou: say(
    'The file is for people in its conference only',
    'You are not in it, or were removed from it.',
    'Join the conference, then try again.',
  ),
};
