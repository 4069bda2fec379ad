/** The words that CAST takes for a BOOLEAN, as PostgreSQL does; null for other text. */
export function booleanFromText(text: string): boolean | null {
  switch (text.trim().toLowerCase()) {
    case 't':
    case 'true':
    case 'y':
    case 'yes':
    case 'on':
    case '1':
      return true;
    case 'f':
    case 'false':
    case 'n':
    case 'no':
    case 'off':
    case '0':
      return false;
    default:
      return null;
  }
}
