import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'

/**
 * The line of a JSON text that a problem is about, for an editor to mark.
 *
 * @param path as problems have it: `training.optimizer.name`, `model.exits[1].after`. Where the text has no such place,
 *   as for a key that is missing, the line of what it is missing from counts.
 * @returns from 1; undefined where the text is no JSON
 */
export function lineOfPath(text: string, path: string): number | undefined {
  const root = parseTree(text)
  if (!root) return undefined
  const segments = [...path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part))
  let node: Node | undefined
  for (let length = segments.length; node === undefined && length > 0; length--) {
    node = findNodeAtLocation(root, segments.slice(0, length))
  }
  // A value may begin below its key.
  const property = node?.parent?.type === 'property' ? node.parent : node
  return lineOf(text, (property ?? root).offset)
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
