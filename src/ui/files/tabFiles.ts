import type { Link } from '../../link/link';
import { TabFiles } from '../../media/files/tabFiles';
import { realWorld } from '../../world';
import { keepTabFiles, tabFilesIn } from './held';

/** The files of this tab; made when the first one is sent or comes. Loaded then, not with the first page. */
export function tabFilesOf(link: Link): TabFiles {
  const known = tabFilesIn(link);
  if (known !== undefined) return known;
  const { tab, commands, store } = link;
  const files = new TabFiles({
    world: realWorld,
    tab,
    commands,
    state: () => store.getState(),
    subscribe: (run) => store.subscribe(run),
  });
  keepTabFiles(link, files);
  return files;
}
