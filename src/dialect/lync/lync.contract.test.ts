import { HomeBench } from '../../testing/homeBench';
import { describeDialect } from '../dialect.contract';

describeDialect('lync, against the home server', async () => new HomeBench());
describeDialect('lync, signed by NTLM as through an edge', async () => new HomeBench({ protocol: 'TLS' }));
