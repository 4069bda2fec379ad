import type { SchemaText } from '@weir/plan/pinned-schema.ts';
import { isOrderedObject, type OrderedJson, type OrderedObject } from './ordered-json.ts';

/** A schema inside a document. */
export interface PlacedSchema {
  readonly node: OrderedJson;
  readonly resource: Resource;
}

/** A document, or a part of one that has an `$id` of its own: what `#` means inside it. */
interface Resource {
  readonly root: OrderedJson;
  readonly base: string;
  /** Before 2019-09 what stands beside a `$ref` means nothing (J1). */
  readonly siblingsCount: boolean;
  readonly anchors: Map<string, OrderedObject>;
}

/** For documents that don't say where they are. */
const nowhere = 'json-schema:///';
const earlyDrafts = /draft-0[3467]/;

/**
 * The documents that a schema consists of: itself, and those that the registry gave with it, by the names under which they are referred to.
 * Nothing else is ever fetched or read (C6).
 */
export class JsonSchemaDocuments {
  readonly root: PlacedSchema;
  /** By name of a reference, and by address. */
  readonly #resources = new Map<string, Resource>();

  /** @param parse of a text @throws what `parse` throws */
  constructor(text: string, references: readonly SchemaText[], parse: (text: string) => OrderedJson) {
    for (const reference of references) {
      const resource = this.#add(parse(reference.text), addressOf(reference.name, nowhere));
      this.#resources.set(reference.name, resource);
    }
    const root = parse(text);
    this.root = { node: root, resource: this.#add(root, nowhere) };
  }

  /** What a `$ref` that stands there leads to; undefined: nowhere. */
  follow(reference: string, from: PlacedSchema): PlacedSchema | undefined {
    const [address = '', fragment = ''] = split(reference);
    const resource =
      address === ''
        ? from.resource
        : (this.#resources.get(addressOf(address, from.resource.base)) ?? this.#resources.get(address));
    if (resource === undefined) return undefined;
    if (fragment === '') return { node: resource.root, resource };
    if (!fragment.startsWith('/')) {
      const node = resource.anchors.get(fragment);
      return node === undefined ? undefined : { node, resource };
    }
    return this.#pointed(resource, fragment);
  }

  /** A schema below this one: one with an `$id` is a resource of its own. */
  inside(place: PlacedSchema, node: OrderedJson): PlacedSchema {
    const id = isOrderedObject(node) ? idOf(node) : undefined;
    const own = id === undefined ? undefined : this.#resources.get(addressOf(id, place.resource.base));
    return { node, resource: own?.root === node ? own : place.resource };
  }

  #pointed(resource: Resource, pointer: string): PlacedSchema | undefined {
    let place: PlacedSchema = { node: resource.root, resource };
    for (const part of pointer.slice(1).split('/')) {
      const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
      const { node } = place;
      const child: OrderedJson | undefined = isOrderedObject(node)
        ? node.get(name)
        : Array.isArray(node)
          ? (node as readonly OrderedJson[])[Number(name)]
          : undefined;
      if (child === undefined) return undefined;
      place = this.inside(place, child);
    }
    return place;
  }

  #add(root: OrderedJson, address: string): Resource {
    const draft = isOrderedObject(root) ? root.get('$schema') : undefined;
    const siblingsCount = typeof draft !== 'string' || !earlyDrafts.test(draft);
    const resource = this.#resource(root, address, siblingsCount);
    this.#collect(root, resource);
    return resource;
  }

  #resource(root: OrderedJson, address: string, siblingsCount: boolean): Resource {
    const id = isOrderedObject(root) ? idOf(root) : undefined;
    const base = id === undefined ? address : addressOf(id, address);
    const resource: Resource = { root, base, siblingsCount, anchors: new Map() };
    this.#resources.set(base, resource);
    return resource;
  }

  /** Finds what has an `$id` or an `$anchor`. */
  #collect(node: OrderedJson, resource: Resource): void {
    if (Array.isArray(node)) {
      for (const each of node as readonly OrderedJson[]) this.#collect(each, resource);
      return;
    }
    if (!isOrderedObject(node)) return;
    const isOwn = node !== resource.root && idOf(node) !== undefined;
    const around = isOwn ? this.#resource(node, resource.base, resource.siblingsCount) : resource;
    const anchor = anchorOf(node);
    if (anchor !== undefined) around.anchors.set(anchor, node);
    for (const child of node.values()) this.#collect(child, around);
  }
}

/** Draft 4 names it `id`; one that begins with # is an anchor. */
function idOf(node: OrderedObject): string | undefined {
  const id = node.get('$id') ?? (node.has('$schema') ? node.get('id') : undefined);
  return typeof id === 'string' && !id.startsWith('#') ? (split(id)[0] ?? '') : undefined;
}

function anchorOf(node: OrderedObject): string | undefined {
  const anchor = node.get('$anchor');
  if (typeof anchor === 'string') return anchor;
  const id = node.get('$id');
  return typeof id === 'string' && id.startsWith('#') ? id.slice(1) : undefined;
}

/** Address and fragment. */
function split(reference: string): readonly string[] {
  const at = reference.indexOf('#');
  return at === -1 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)];
}

function addressOf(reference: string, base: string): string {
  return URL.canParse(reference, base) ? new URL(reference, base).href : reference;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
