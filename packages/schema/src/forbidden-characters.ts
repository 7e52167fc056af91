/**
 * What no text of a document may hold: control characters (a terminal obeys ANSI escapes, Postgres takes no NUL), marks
 * that turn the direction of what follows, line ends that only some programs see, and halves of surrogate pairs.
 */
export const forbiddenCharacters = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/u
