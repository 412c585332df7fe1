import { HomeBench } from '../../testing/homeBench';
import { describeDialect } from '../dialect.contract';

describeDialect('lync, against the home server', async () => new HomeBench());
