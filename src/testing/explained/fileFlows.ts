import { fileTicketType, formatTicketRequest } from '../../protocol/shared/fileTicket';
import { diagnostics, type ExplainedFlow, refused } from './flows';

const store = 'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:FileStore:fs1';
const download = {
  contentType: fileTicketType,
  body: formatTicketRequest({ is: 'download', id: '0123456789abcdef0123456789abcdef' }),
};
const asking = (status: number, id: number): ExplainedFlow[1] =>
  refused('SERVICE', store, status, 'No', [diagnostics(id)], download);

/** What the home server's file store refuses. */
export const fileFlows: readonly ExplainedFlow[] = [
  ['fileNotKept', asking(404, 60_000)],
  ['filesForbidden', asking(403, 60_001)],
  ['fileTooLarge', asking(413, 60_002)],
  ['fileKindForbidden', asking(403, 60_003)],
  ['noRoomForYourFiles', asking(403, 60_004)],
  ['fileStoreFull', asking(503, 60_005)],
  ['tooManyUploads', asking(403, 60_006)],
  ['fileNotForYou', asking(403, 3014)],
];
