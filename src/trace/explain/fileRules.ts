import { about, rule, told } from './rule';

/** The home server's file store (`src/dialect/SPEC.md`, FIL-3). */
export const fileRules = [
  rule('fileNotKept', 'peer', told(60_000)),
  rule('filesForbidden', 'yourAdministrator', told(60_001)),
  rule('fileTooLarge', 'you', told(60_002)),
  rule('fileKindForbidden', 'you', told(60_003)),
  rule('noRoomForYourFiles', 'you', told(60_004)),
  rule('fileStoreFull', 'yourAdministrator', told(60_005)),
  rule('tooManyUploads', 'you', told(60_006)),
  rule('fileNotForYou', 'peer', about('files'), told(3014)),
] as const;
