import { useCallback, useContext, useEffect } from 'react';
import type { Party } from '../../domain/conversation';
import type { Outcome } from '../../domain/failure';
import type { FileItem } from '../../domain/file';
import type { ConversationId } from '../../domain/ids';
import type { Link } from '../../link/link';
import { firstNameOf, itemsOfConversation } from '../../state/selectors';
import { say } from '../shell/Notices';
import { LinkContext, useApp, useIsRecording } from '../useApp';
import { fileFailureText } from '../words/fileText';
import { tabFilesIn } from './held';

/** Files as the rest of the window starts them, without having loaded any of it. */
const load = () => import('./tabFiles');

function useLink(): Link {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('outside the link');
  return link;
}

const mostAtOnce = 10;

/** Why no files can be sent here; `null` when they can. */
export function useWhyNoFiles(party: Party): string | null {
  const isRecording = useIsRecording();
  return useApp(({ policy, capabilities }) => {
    if (isRecording) return 'This is a recording: nothing can be sent.';
    if (!policy.fileTransfer) return 'Your organization does not let you send files';
    if (party.is === 'pairwise') return null;
    if (!capabilities.fileStore) return 'This server keeps no files for conferences';
    const { is } = party.conference.membership;
    return is === 'joined' || is === 'rejoining' ? null : 'You are not in this conference';
  });
}

/** Sends what was picked, dropped or pasted; what does not go says so on its card. */
export function useSendFiles(id: ConversationId): (files: readonly File[]) => Promise<void> {
  const link = useLink();
  return useCallback(
    async (files) => {
      if (files.length > mostAtOnce)
        return say(`Send at most ${mostAtOnce} files at a time, or put them into an archive.`);
      const { tabFilesOf } = await load();
      const tabFiles = tabFilesOf(link);
      for (const file of files) {
        void tabFiles.send(id, file).then((outcome) => {
          // With its name refused it has no card.
          if (!outcome.ok && outcome.failure.is === 'invalid') say(`${file.name}: ${textOf(outcome, link, id)}`);
        });
      }
    },
    [link, id],
  );
}

/** What can be done with a file where its bytes are. What cannot be is said. */
export function useFileActions(item: FileItem) {
  const link = useLink();
  const run = async (act: (files: Awaited<ReturnType<typeof tabFiles>>) => Promise<Outcome<void>>) => {
    const outcome = await act(await tabFiles());
    if (!outcome.ok && outcome.failure.is !== 'cancelled') say(textOf(outcome, link, item.conversation));
  };
  const tabFiles = async () => (await load()).tabFilesOf(link);
  return {
    receive: () => run((files) => files.receive(item)),
    receiveAs: () => run((files) => files.receiveAs(item)),
    retry: () => run((files) => files.retry(item.id)),
    /** This tab has it still. */
    canRetry: tabFilesIn(link)?.has(item.id) ?? false,
    save: async () => {
      const file = await (await tabFiles()).kept(item);
      if (file !== null) return saveFile(file, item.file.name);
      const state = link.store.getState();
      say(`This browser does not have the file any more. Ask ${firstNameOf(state, item.author)} to send it again.`);
    },
  };
}

/** Takes the file that an invitation was about, in this tab. */
export function useReceiveInvited(): (conversation: ConversationId, name: string) => Promise<void> {
  const link = useLink();
  return async (conversation, name) => {
    const offered = itemsOfConversation(link.store.getState(), conversation).findLast(
      (item): item is FileItem => item.kind === 'file' && item.file.name === name && item.state.is === 'offered',
    );
    if (offered === undefined) return;
    const { tabFilesOf } = await load();
    const outcome = await tabFilesOf(link).receive(offered);
    if (!outcome.ok && outcome.failure.is !== 'cancelled') say(textOf(outcome, link, conversation));
  };
}

/** Loads what files need as soon as one is under way: what was interrupted may go on here. */
export function useFilesUnderWay(): void {
  const link = useLink();
  const isUnderWay = useApp(({ transfers }) => Object.keys(transfers).length > 0);
  useEffect(() => {
    if (isUnderWay) void load().then(({ tabFilesOf }) => tabFilesOf(link));
  }, [isUnderWay, link]);
}

/** A download of the browser: it is stored, and opened only by the person. */
function saveFile(file: File, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function textOf(outcome: Extract<Outcome<unknown>, { ok: false }>, link: Link, id: ConversationId): string {
  const state = link.store.getState();
  const party = state.conversations[id]?.party;
  const who = party?.is === 'pairwise' ? firstNameOf(state, party.peer) : 'the conference';
  return fileFailureText(outcome.failure, { who, own: false });
}
