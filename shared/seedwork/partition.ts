/** Into how many parts outbox and bus are split; a part is worked on by one process at a time. */
export const PARTITIONS = 16;

/** The part that a key belongs to, 0 … PARTITIONS-1: FNV-1a over its UTF-16 units, stable across processes and versions. */
export function partitionOf(key: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  return (h >>> 0) % PARTITIONS;
}
