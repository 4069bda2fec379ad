/** Merges inputs of one schema. Its watermark is the least of its inputs'. */
export interface UnionNode {
  readonly kind: 'union';
}
