/** The one door to JsSIP: nothing else in the house imports it. Deep modules need their `.js` (Node's ESM loader). */
import Dialog from 'jssip/lib/Dialog.js';
import RequestSender from 'jssip/lib/RequestSender.js';
import SIPMessage from 'jssip/lib/SIPMessage.js';
import Transactions from 'jssip/lib/Transactions.js';
import UA from 'jssip/lib/UA.js';
import URI from 'jssip/lib/URI.js';

export const JssipUa = UA;
export const JssipDialog = Dialog;
export const JssipRequestSender = RequestSender;
export const { OutgoingRequest, InitialOutgoingInviteRequest } = SIPMessage;
export const { checkTransaction, InviteServerTransaction, NonInviteServerTransaction } = Transactions;

/** A URI for JsSIP; throws on text that is none, since every caller has checked it or got it from the server's GRUU. */
export function jssipUri(text: string): Jssip.Uri {
  const uri = URI.parse(text);
  if (!uri) throw new Error(`not a SIP URI: ${text}`);
  return uri;
}
