import { Section } from '../../../components/section.tsx'

/** How to read the chart of the board, and what AUC is. */
export function ChartSection() {
  return (
    <Section id="chart" title="Reading the chart">
      <div className="prose">
        <p>
          The chart shows top-1 accuracy on the test split against cost, on a logarithmic axis. A line is an
          entry, a mark is an exit: its height is the mean over seeds, its place the sequential MACs of one
          image. The switch between MACs and FLOPs only doubles the numbers. Up and to the left is better.
        </p>
        <ul>
          <li>
            <strong>Bars and bands</strong> are 95 % intervals. Two bands that overlap do not show that two
            entries are equal, nor that they differ: the images are the same for both, so the{' '}
            <a className="link" href="#ranks">
              paired tests
            </a>{' '}
            see more than the bands do.
          </li>
          <li>
            <strong>The dotted line</strong> is the frontier of the track: exits that no other exit beats, at
            most as dear and at least as accurate, with one of the two strictly so. How firmly a point stands
            on it is the share of bootstrap resamples in which it does; the exit tables give it.
          </li>
          <li>
            <strong>Hollow circles</strong> are numbers printed in papers. They come from other recipes, some
            from the best test epoch or from other heads, and are not ranked. The table that unfolds under the
            chart has each number as printed, its paper, and what must be known before comparing.
          </li>
          <li>
            <strong>Entries of equal cost</strong> are set side by side, so that their bars can be told apart.
          </li>
        </ul>
        <p>
          The first twelve entries of a page, in the table's order, are drawn. Every figure of the chart is in
          a table: the rows of the board unfold to their exits, and the frontier unfolds under the chart. All
          that is chosen, filters, order, unit, stands in the address, so a view can be linked; CSV, JSON,
          LaTeX and BibTeX give the same view.
        </p>
        <p>
          <strong>AUC</strong> is the mean accuracy over budgets that are spread evenly on the logarithmic
          axis, from a thousand to a million MACs a pixel: 1.02 M to 1.02 G for images of 32 × 32. The range
          follows from the images alone, so no new entry moves another's AUC, and files that are downloaded
          state it. At a budget the network answers with its deepest exit that it can afford, even where an
          earlier one is better; where it can afford none, that counts 0. Exits that are cheaper than the
          range answer from its start, and those beyond its end count nowhere. It rewards cheap first exits:
          compare it among networks of one kind.
        </p>
      </div>
    </Section>
  )
}
