import type { Link } from '../../link/link';
import type { TabFiles } from '../../media/files/tabFiles';

const all = new WeakMap<Link, TabFiles>();

/** The files of this tab, when it has had any: without loading what is needed for them. */
export function tabFilesIn(link: Link): TabFiles | undefined {
  return all.get(link);
}

export function keepTabFiles(link: Link, files: TabFiles): void {
  all.set(link, files);
}
