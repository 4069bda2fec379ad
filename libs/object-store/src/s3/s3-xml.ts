const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole;
    const hex = name[1] === 'x' || name[1] === 'X';
    return String.fromCodePoint(Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
}

/** The texts of all elements of this name that hold nothing but text: all that S3's answers need. */
export function xmlTexts(xml: string, element: string): string[] {
  const pattern = new RegExp(`<${element}>([^<]*)</${element}>`, 'g');
  return [...xml.matchAll(pattern)].map((match) => unescapeXml(match[1] ?? ''));
}

export interface S3Listing {
  readonly objects: readonly {
    /** In the bucket. */
    readonly name: string;
    /** Null from a server that leaves it out of listings. */
    readonly etag: string | null;
  }[];
  /** Where the next page begins, undefined after the last. */
  readonly continuation: string | undefined;
}

/** A ListObjectsV2 answer, with or without `encoding-type=url`; undefined for something else. */
export function parseListing(xml: string): S3Listing | undefined {
  if (!xml.includes('<ListBucketResult')) return undefined;
  const encoded = xmlTexts(xml, 'EncodingType')[0] === 'url';
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].flatMap(([, contents = '']) => {
    const [key] = xmlTexts(contents, 'Key');
    if (key === undefined) return [];
    const name = encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
    return [{ name, etag: xmlTexts(contents, 'ETag')[0] ?? null }];
  });
  const more = xmlTexts(xml, 'IsTruncated')[0] === 'true';
  return { objects, continuation: more ? xmlTexts(xml, 'NextContinuationToken')[0] : undefined };
}
