import { describe, expect, it } from 'vitest';
import { registryKey, registrySettings } from './registry-settings.ts';
import { contextOf, inContext, subjectFor } from './subject-names.ts';

const settings = (options: Record<string, string>) =>
  registrySettings(
    Object.fromEntries(Object.entries(options).map(([name, value]) => [`schema_registry.${name}`, value])),
  );

describe('the settings of a registry', () => {
  it('none without an endpoint', () => {
    expect(settings({})).toBeUndefined();
    expect(settings({ endpoint: ' ' })).toBeUndefined();
  });

  it('R4: a path stays, without its last slash', () => {
    expect(settings({ endpoint: 'https://r:8081/apis/ccompat/v7/' })?.urls.map(String)).toEqual([
      'https://r:8081/apis/ccompat/v7',
    ]);
  });

  it.each([
    [{ endpoint: 'registry:8081' }, 'https://registry:8081', 'begins with'],
    [{ endpoint: '//registry' }, 'scheme', 'no URL'],
    [{ endpoint: 'ftp://r' }, 'https://', 'ftp'],
    [{ endpoint: 'https://user:pass-1234@r' }, 'api_key', 'user name'],
    [{ endpoint: 'https://r?x=1' }, 'path', 'query'],
    [{ endpoint: 'https://r', api_key: 'k' }, '', 'api_secret'],
    [{ endpoint: 'https://r', api_secret: 's-1234' }, '', 'api_key'],
    [{ endpoint: 'https://r', api_key: 'k', api_secret: 's', bearer_token: 't' }, '', 'bearer_token'],
    [{ endpoint: 'https://r', 'tls.cert': 'c' }, '', 'tls.key'],
  ])('%o is refused', (options, hint, message) => {
    let problem: { code?: string; message?: string; hint?: string } = {};
    try {
      settings(options);
    } catch (error) {
      problem = error as typeof problem;
    }
    expect(problem.code).toBe('WEIR-3500');
    expect(problem.message).toContain(message);
    if (options.endpoint !== 'registry:8081') expect(problem.hint ?? '').toContain(hint);
    expect(`${problem.message} ${problem.hint}`).not.toContain('1234');
  });

  it('the key of a registry does not depend on the order of its addresses', () => {
    const key = (endpoint: string) => registryKey(settings({ endpoint })?.urls ?? []);
    expect(key('https://b/x,https://a')).toBe(key('https://a,https://b/x/'));
    expect(key('https://a')).not.toBe(key('https://b'));
  });
});

describe('names of subjects', () => {
  it.each([
    ['TopicNameStrategy', undefined, 'orders-value'],
    ['RecordNameStrategy', 'shop.Order', 'shop.Order'],
    ['TopicRecordNameStrategy', 'shop.Order', 'orders-shop.Order'],
  ] as const)('%s', (strategy, record, subject) => {
    expect(subjectFor(strategy, 'orders', 'value', record)).toBe(subject);
  });

  it('a strategy that needs a record name says so', () => {
    expect(() => subjectFor('RecordNameStrategy', 'orders', 'key', undefined)).toThrow('RecordNameStrategy');
  });

  it('R5: contexts', () => {
    expect(contextOf('orders-value')).toBe('.');
    expect(contextOf(':.staging:orders-value')).toBe('.staging');
    expect(inContext('street', '.staging')).toBe(':.staging:street');
    expect(inContext(':.other:street', '.staging')).toBe(':.other:street');
    expect(inContext('street', '.')).toBe('street');
  });
});
