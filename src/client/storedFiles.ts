import { type FileItem, fileMayBecome } from '../domain/file';
import type { Floor } from './floor';
import { keepBeside, orderOfNumber } from './transcripts';

/** A file of ours was told of in its conference, which gave it its place. */
export function fileTold(floor: Floor, item: FileItem, number: number | null): void {
  if (!fileMayBecome(item.state.is, 'done')) return;
  const { conversation, id } = item;
  const state = { is: 'done', at: floor.world.now(), place: null } as const;
  const place = number === null ? {} : { number, order: orderOfNumber(floor.state(), conversation, number, item) };
  floor.record({ type: 'file.changed', conversation, id, state, ...place });
  keepBeside(floor, { ...item, state, ...place });
}
