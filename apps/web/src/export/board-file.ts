import { getBoardRequest } from '../data/board-request.ts'
import { siteUrl } from '../data/site-url.ts'
import { bibtexEntry, entryNote } from '../view/bibtex.ts'
import { boardQuery } from '../view/board-params.ts'
import { boardRows } from './board-rows.ts'
import { toCsv } from './csv.ts'
import { toLatex } from './latex.ts'
import { toParquet } from './parquet.ts'

const mediaTypes = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  tex: 'application/x-tex; charset=utf-8',
  bib: 'application/x-bibtex; charset=utf-8',
} as const

/** The current view of the board, all of its pages, as a file. */
export async function boardFile(request: Request, format: keyof typeof mediaTypes): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const found = await getBoardRequest(
    Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)])),
  )
  if (!found) return new Response('There is no such track.\n', { status: 404 })
  const { params, table, view } = found
  if (params.at !== undefined)
    return new Response('These files hold the table as it stands now: leave out "at".\n', { status: 400 })
  const { dataset, digest } = table.track.document
  const rows = boardRows(view.entries)
  const source = new URL(`/${boardQuery(params)}`, siteUrl()).href
  const write = (): string | Uint8Array<ArrayBuffer> => {
    switch (format) {
      case 'csv':
        return toCsv(rows)
      case 'json':
        return `${JSON.stringify({ source, track: table.track.document, rows }, null, 2)}\n`
      case 'parquet':
        return toParquet(rows, { source, track: digest })
      case 'tex':
        return toLatex(rows, `Entries on ${dataset} (MATE Bench, track ${digest.slice(7, 15)})`, params.unit)
      case 'bib':
        return view.entries
          .map((entry) => bibtexEntry({ ...entry, path: `/entries/${entry.id}`, note: entryNote(entry) }))
          .join('\n')
    }
  }
  return new Response(write(), {
    headers: {
      'content-type': mediaTypes[format],
      'content-disposition': `attachment; filename="mate-bench-${digest.slice(7, 15)}.${format}"`,
      'x-content-type-options': 'nosniff',
    },
  })
}
