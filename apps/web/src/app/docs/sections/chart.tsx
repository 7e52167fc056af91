import { Section } from '../../../components/section.tsx'

/** How to read the chart of the board, and what AUC is. */
export function ChartSection() {
  return (
    <Section id="chart" title="Reading the chart">
      <div className="prose">
        <p>
          The chart shows top-1 accuracy on the test split against cost, on a logarithmic axis. Each line is
          an entry and each mark an exit: its height is the mean over seeds, its position the sequential MACs
          for one image. The switch between MACs and FLOPs only doubles the numbers. Up and to the left is
          better.
        </p>
        <ul>
          <li>
            <strong>Bars and bands</strong> are 95 % intervals. Two bands that overlap do not show that two
            entries are equal, nor that they differ: the images are the same for both, so the{' '}
            <a className="link" href="#ranks">
              paired tests
            </a>{' '}
            detect more than the bands show.
          </li>
          <li>
            <strong>The dotted line</strong> is the frontier of the track: exits that no other exit beats, at
            most as expensive and at least as accurate, and strictly better in one of the two. How firmly a
            point is on it is the share of bootstrap resamples in which it is; the exit tables give it.
          </li>
          <li>
            <strong>Hollow circles</strong> are numbers printed in papers. They come from other recipes, some
            from the best test epoch or from other heads, and are not ranked. The table that opens under the
            chart has each number as printed, its paper, and what to know before comparing.
          </li>
          <li>
            <strong>Entries of equal cost</strong> are drawn side by side, so that their bars can be told
            apart.
          </li>
        </ul>
        <p>
          Twelve entries are drawn in colour: those on the frontier, then the first rows of the page. All
          others are grey. A colour stands for a method and is the same on every page; entries of one method
          differ by mark and dashes. Every figure in the chart is also in a table: the rows of the board
          expand to their exits, and the frontier opens under the chart. All that you choose (filters, order,
          unit, entries to compare) is kept in the address, so a view can be linked; CSV, JSON, LaTeX and
          BibTeX give the same view.
        </p>
        <p>
          <strong>AUC</strong> is the mean accuracy over budgets that are spread evenly on the logarithmic
          axis, from a thousand to a million MACs per pixel: 1.02 M to 1.02 G for images of 32 × 32. The range
          follows from the images alone, so no new entry changes another's AUC, and downloaded files state it.
          At each budget the network answers with the deepest exit it can afford, even where an earlier one is
          more accurate; where it can afford none, the accuracy counts as 0. Exits cheaper than the range
          answer from its start, and those beyond its end do not count. AUC rewards cheap first exits: compare
          it among networks of one kind.
        </p>
      </div>
    </Section>
  )
}
