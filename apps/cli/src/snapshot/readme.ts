import type { SnapshotContent } from './write-snapshot.ts'

/** What whoever opens the folder in ten years has to know. */
export function readme({ takenAt, published: { head } }: SnapshotContent): string {
  return `MATE Bench, snapshot of ${takenAt.toISOString()}

index.html             the boards; open it in a browser, no server is needed
entries/               a page an entry
verdicts.jsonl         how checks of runs ended, with signatures and the manifests of repeated trainings
board.csv, board.json  the boards as data
data/                  every public table as JSON, CSV and Parquet, with the digests of the JSON files in export.json
data/artifacts/        the files of the runs, each named by its SHA-256
ledger/head.json       the head of the ledger: ${head.treeSize} events, root ${head.rootHash}
ledger/events.jsonl    its events, oldest first

To check the ledger: the leaf of an event is its "event" as canonical JSON (RFC 8785) in UTF-8, its hash SHA-256(0x00 ||
leaf); the tree over all of them (RFC 9162, section 2.1) has the root above. head.json holds the head and, where the
ledger has a key, a DSSE envelope with an Ed25519 signature over it.

To check the runs: \`mate-bench db import data\` into an empty database verifies every run from its files.
`
}
