const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** True for names that may stand in subjects, transactional ids and paths: lower case letters, digits, hyphens, 1-63 characters. */
export function isName(text: string): boolean {
  return namePattern.test(text);
}
