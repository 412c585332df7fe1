import { MalformedBody } from '../malformed';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, xml } from '../xml';

/** Watching many people at once (`lync-wire` 4.6). */
export const batchSubscribeType = 'application/msrtc-adrl-categorylist+xml';

const batchNamespace = 'http://schemas.microsoft.com/2006/01/sip/batch-subscribe';
const listNamespace = 'http://schemas.microsoft.com/2006/09/sip/categorylist';

export interface BatchSubscribe {
  action: 'subscribe' | 'unsubscribe';
  resources: readonly Aor[];
  categories: readonly string[];
}

export function formatBatchSubscribe(watcher: Aor, batch: BatchSubscribe, id: number): string {
  return formatXml(
    xml(
      'batchSub',
      { xmlns: batchNamespace, uri: watcher, name: '' },
      xml(
        'action',
        { name: batch.action, id },
        xml('adhocList', {}, ...batch.resources.map((uri) => xml('resource', { uri }))),
        xml('categoryList', { xmlns: listNamespace }, ...batch.categories.map((name) => xml('category', { name }))),
      ),
    ),
  );
}

/**
 * Reads a batch, everybody once; or the bare `categoryList` of a single subscription (PRS-12), which has no
 * resources.
 */
export function parseBatchSubscribe(text: string): { watcher: Aor | null; isBatch: boolean; batch: BatchSubscribe } {
  const root = parseXml(text, 'batchSub');
  const namesIn = (list: typeof root | undefined): string[] =>
    list === undefined ? [] : childrenOf(list, 'category').flatMap((category) => attribute(category, 'name') ?? []);
  if (root.name === 'categoryList')
    return { watcher: null, isBatch: false, batch: { action: 'subscribe', resources: [], categories: namesIn(root) } };
  const action = child(root, 'action');
  if (root.name !== 'batchSub' || action === undefined) throw new MalformedBody('batchSub', 'there is no action');
  const name = attribute(action, 'name');
  if (name !== 'subscribe' && name !== 'unsubscribe') throw new MalformedBody('batchSub', 'the action is none');
  const list = child(action, 'adhocList');
  const resources = list === undefined ? [] : childrenOf(list, 'resource');
  return {
    watcher: aorOf(attribute(root, 'uri') ?? ''),
    isBatch: true,
    batch: {
      action: name,
      resources: [...new Set(resources.flatMap((resource) => aorOf(attribute(resource, 'uri') ?? '') ?? []))],
      categories: namesIn(child(action, 'categoryList')),
    },
  };
}
