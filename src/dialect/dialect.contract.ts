import { describe } from 'vitest';
import { describeConferences } from './contract/conferences.contract';
import { describeConnection } from './contract/connection.contract';
import { describeFileStore } from './contract/fileStore.contract';
import { describeFiles } from './contract/files.contract';
import { describeGreeting } from './contract/greeting.contract';
import { describeIm } from './contract/im.contract';
import { describePeople } from './contract/people.contract';
import { type DialectBench, Scene } from './contract/scene.contract';
import { describeSharing } from './contract/sharing.contract';
import { describeConferenceSharing } from './contract/sharingConference.contract';

/** What every dialect promises to the client, whatever is on its wire. */
export function describeDialect(name: string, makeBench: () => Promise<DialectBench>): void {
  const opening = async () => new Scene(await makeBench());
  describe(`the contract of dialects: ${name}`, () => {
    describePeople(opening);
    describeIm(opening);
    describeConferences(opening);
    describeConnection(opening);
    describeGreeting(opening);
    describeSharing(opening);
    describeConferenceSharing(opening);
    describeFileStore(opening);
    describeFiles(opening);
  });
}
