const floatText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The nearest double of a number's text, or PostgreSQL's words for what is no number; null for other text, and for finite text above the largest. */
export function floatFromText(text: string): number | null {
  const trimmed = text.trim();
  if (floatText.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : null;
  }
  switch (trimmed.toLowerCase()) {
    case 'nan':
      return NaN;
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return Infinity;
    case '-infinity':
    case '-inf':
      return -Infinity;
    default:
      return null;
  }
}
