import { accuracyChart } from '@mate-bench/charts'
import { getEntryDetail } from '../../../../data/entry-detail.ts'
import { embedPage, noEmbed } from '../../../../export/embed-page.ts'
import { entrySeries } from '../../../../view/charted-entries.ts'
import { citeEntry } from '../../../../view/citation.ts'
import { plural } from '../../../../view/numbers.ts'

interface Context {
  readonly params: Promise<{ readonly id: string }>
}

/** Every exit of an entry; a former id shows the entry that it became. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const detail = await getEntryDetail((await params).id)
  const dataset = detail?.runs[0]?.manifest.track.dataset
  if (!detail || dataset === undefined) return noEmbed()
  const { entry } = detail
  const { text, href } = citeEntry(entry)
  const title = `${entry.name} on ${dataset}: top-1 accuracy against MACs`
  return embedPage(request, {
    title,
    chart: accuracyChart([entrySeries(entry)], {
      id: 'entry',
      title,
      description: 'The page that the title links to has all figures in tables.',
    }),
    note: `One mark per exit, mean of ${plural(entry.seeds.length, 'seed')}; the band is the 95\u202f% interval over seeds and images.`,
    citation: text,
    href,
  })
}
