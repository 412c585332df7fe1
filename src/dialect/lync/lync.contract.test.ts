import { ScriptedForwarder } from '../../../server/testing/scriptedForwarder';
import { HomeBench } from '../../testing/homeBench';
import { describeDialect } from '../dialect.contract';

const media = () => ({ forwarder: new ScriptedForwarder(), maxBitrate: 2_500_000 });

describeDialect('lync, against the home server', async () => new HomeBench({ media: media(), keepsFiles: true }));
describeDialect(
  'lync, signed by NTLM as through an edge',
  async () => new HomeBench({ protocol: 'TLS', media: media(), keepsFiles: true }),
);
