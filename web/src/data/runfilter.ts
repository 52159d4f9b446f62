/** What the box over the runs takes a text for. */

/** An expression, which the server answers; a regular expression over names; or plain text, when it is neither. */
export type FilterKind = "none" | "expression" | "regex" | "text";

const FIELD = "(?:name|state|steps|duration|points|started|tags|group|archived)";
const COMPARED = String.raw`\s*(?:[=!<>]=|[<>]|\b(?:not\s+)?(?:in|contains|matches)\b)`;
const FACT = /(?:^|[\s(])(?:config\.|(?:last|first|min|max|best)\s*\()/;
const TEST = new RegExp(String.raw`(?:^|[\s(])${FIELD}\s*${COMPARED}`);
const ALONE = /^\s*(?:not\s+(?:archived|group|tags)|archived)\s*$/;
const ELEMENT = /["'\w\])]\s+(?:not\s+)?in\s+(?:tags|name|group|\[)/;

/**
 * Whether it is meant as an expression: names of runs do not look like that. It may be wrong or not yet be whole;
 * the server says so then, and the runs stay as they were.
 */
export function isExpression(text: string): boolean {
  return FACT.test(text) || TEST.test(text) || ELEMENT.test(text) || ALONE.test(text);
}
