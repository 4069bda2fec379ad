/** How a value's bytes say where they end. */
export const wireType = { varint: 0, fixed64: 1, sized: 2, group: 3, endGroup: 4, fixed32: 5 } as const;
