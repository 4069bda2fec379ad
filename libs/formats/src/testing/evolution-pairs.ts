/** A schema of a record, and values of it in Avro's JSON encoding (unions tagged, bytes as latin-1). */
export interface EvolvingSchema {
  readonly text: string;
  readonly data: readonly unknown[];
}

type SchemaJson = unknown;

function recordOf(fields: readonly object[], data: readonly unknown[], more: object = {}): EvolvingSchema {
  return { text: JSON.stringify({ type: 'record', name: 'Row', fields, ...more }), data };
}

const fixed = (name: string, size: number) => ({ type: 'fixed', name, size });
const enumOf = (name: string, symbols: readonly string[], more: object = {}) => ({
  type: 'enum',
  name,
  symbols,
  ...more,
});
const inner = (name: string, ...fields: readonly object[]) => ({ type: 'record', name, fields });
const x = { name: 'x', type: 'int' };
const y = { name: 'y', type: 'string' };

/** Types of one field, with values of each. */
const types: readonly (readonly [SchemaJson, readonly unknown[]])[] = [
  ['null', [null]],
  ['boolean', [true]],
  ['int', [7, -2147483648]],
  ['long', [7, -9007199254740991]],
  ['float', [0.5]],
  ['double', [-2.25, 1e100]],
  ['string', ['a\u00e9', '']],
  ['bytes', ['ab', '']],
  [fixed('F', 2), ['\u00ff\u0001']],
  [fixed('F', 3), ['abc']],
  [fixed('n.F', 2), ['ab']],
  [fixed('G', 2), ['ab']],
  [enumOf('E', ['A', 'B']), ['A', 'B']],
  [enumOf('E', ['B', 'C', 'A']), ['A', 'C']],
  [enumOf('E', ['A', 'D'], { default: 'D' }), ['A', 'D']],
  [enumOf('n.E', ['B']), ['B']],
  [enumOf('Other', ['A', 'B']), ['B']],
  [enumOf('Named', ['A', 'B'], { aliases: ['E'] }), ['A']],
  [{ type: 'array', items: 'int' }, [[], [1, 2]]],
  [{ type: 'array', items: 'long' }, [[3]]],
  [{ type: 'array', items: 'string' }, [['s']]],
  [{ type: 'array', items: ['null', 'int'] }, [[null, { int: 4 }]]],
  [{ type: 'map', values: 'int' }, [{}, { k: 1 }]],
  [{ type: 'map', values: 'double' }, [{ k: 0.5 }]],
  [inner('R', x), [{ x: 1 }]],
  [inner('R', x, y), [{ x: 1, y: 's' }]],
  [
    inner('R', y, { name: 'x', type: 'long' }, { name: 'z', type: 'int', default: 9 }),
    [{ x: 5, y: 's', z: 1 }],
  ],
  [inner('S', x), [{ x: 2 }]],
  [inner('n.R', x), [{ x: 3 }]],
  [
    ['null', 'int'],
    [null, { int: 5 }],
  ],
  [
    ['int', 'null'],
    [null, { int: 5 }],
  ],
  [
    ['null', 'long'],
    [null, { long: 6 }],
  ],
  [
    ['null', 'string'],
    [null, { string: 't' }],
  ],
  [
    ['int', 'string'],
    [{ int: 8 }, { string: 'u' }],
  ],
  [
    ['string', 'long', 'null'],
    [{ string: 'u' }, { long: 8 }, null],
  ],
  [
    ['float', 'double', 'bytes'],
    [{ float: 0.5 }, { double: 0.25 }, { bytes: 'b' }],
  ],
  [
    ['null', inner('R', x)],
    [null, { R: { x: 1 } }],
  ],
  [
    ['null', inner('S', x), inner('T', y)],
    [null, { S: { x: 1 } }, { T: { y: 's' } }],
  ],
  [
    [inner('R', x), enumOf('E', ['A', 'B'])],
    [{ R: { x: 1 } }, { E: 'B' }],
  ],
  [
    ['null', fixed('F', 2), 'string'],
    [{ F: 'ab' }, { string: 's' }],
  ],
];

/** Records whose one field has each of the types. */
export const fieldTypes: readonly EvolvingSchema[] = types.map(([type, data]) =>
  recordOf(
    [{ name: 'a', type }],
    data.map((a) => ({ a })),
  ),
);

const a = { name: 'a', type: 'int' };
const b = { name: 'b', type: 'string' };

/** Records as people change them: fields added, removed, moved, renamed, with defaults and without. */
export const fieldSets: readonly EvolvingSchema[] = [
  recordOf([], [{}]),
  recordOf([a], [{ a: 1 }]),
  recordOf([a], [{ a: 1 }], { name: 'Other', namespace: 'elsewhere' }),
  recordOf([a], [{ a: 1 }], { name: 'New', aliases: ['Row'] }),
  recordOf([a, b], [{ a: 1, b: 's' }]),
  recordOf([b, a], [{ a: 1, b: 's' }]),
  recordOf(
    [
      { ...a, type: 'long' },
      { ...b, default: 'd' },
    ],
    [{ a: 2, b: 's' }],
  ),
  recordOf([a, { name: 'b', type: ['null', 'string'], default: null }], [{ a: 1, b: { string: 's' } }]),
  recordOf([a, { name: 'b', type: ['null', 'string'] }], [{ a: 1, b: null }]),
  recordOf([a, { name: 'b', type: ['string', 'null'], default: 'first' }], [{ a: 1, b: null }]),
  recordOf([{ name: 'c', type: 'int', aliases: ['a'] }], [{ c: 3 }]),
  recordOf(
    [
      { name: 'c', type: 'int', aliases: ['a'] },
      { ...a, default: 4 },
    ],
    [{ c: 3, a: 2 }],
  ),
  recordOf(
    [
      { ...a, aliases: ['c'] },
      { name: 'c', type: 'int', aliases: ['a'] },
    ],
    [{ a: 1, c: 2 }],
  ),
  recordOf([{ name: 'A', type: 'int', default: 0 }], [{ A: 5 }]),
  recordOf([a, { name: 'l', type: 'long', default: 7 }], [{ a: 1, l: 2 }]),
  recordOf([a, { name: 'f', type: 'double', default: 1 }], [{ a: 1, f: 0.5 }]),
  recordOf([a, { name: 'x', type: 'bytes', default: '\u00ff\u0001' }], [{ a: 1, x: 'b' }]),
  recordOf([a, { name: 'h', type: fixed('H', 2), default: '\u00ff\u0001' }], [{ a: 1, h: 'bc' }]),
  recordOf([a, { name: 'e', type: enumOf('E', ['A', 'B']), default: 'B' }], [{ a: 1, e: 'A' }]),
  recordOf([a, { name: 'v', type: { type: 'array', items: 'int' }, default: [1, 2] }], [{ a: 1, v: [3] }]),
  recordOf(
    [a, { name: 'm', type: { type: 'map', values: 'string' }, default: { k: 'v' } }],
    [{ a: 1, m: {} }],
  ),
  recordOf(
    [a, { name: 'r', type: inner('In', x, { name: 'y', type: 'string', default: 'in' }), default: { x: 1 } }],
    [{ a: 1, r: { x: 2, y: 's' } }],
  ),
  recordOf(
    [a, { name: 'r', type: inner('In', x, { name: 'q', type: 'int' }) }],
    [{ a: 1, r: { x: 2, q: 3 } }],
  ),
  recordOf(
    [a, { name: 'r', type: inner('In', { name: 'p', type: 'int', aliases: ['x'] }) }],
    [{ a: 1, r: { p: 2 } }],
  ),
];
