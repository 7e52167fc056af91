import { Section } from '../../../components/section.tsx'

/** How to read the chart of the board, and the columns for budgets and targets. */
export function ChartSection() {
  return (
    <Section id="chart" title="Reading the chart">
      <div className="prose">
        <p>
          Up and to the left is better. The chart shows top-1 accuracy on the test split against cost, on a
          logarithmic axis. Each line is an entry and each mark an exit, at its mean over seeds and its
          sequential MACs for one image. Switching from MACs to FLOPs doubles the costs and changes nothing
          else.
        </p>
        <ul>
          <li>
            <strong>Bars and bands</strong> are 95&#8239;% intervals. Entries whose bands overlap may still
            differ significantly: both are tested on the same images, so the{' '}
            <a className="link" href="#ranks">
              paired tests
            </a>{' '}
            detect smaller differences than the bands suggest.
          </li>
          <li>
            <strong>The dotted line</strong> is the frontier of the track: exits that no other exit beats, at
            most as expensive and at least as accurate, and strictly better in one of the two. The exit tables
            show how firmly an exit is on it: in which share of bootstrap resamples.
          </li>
          <li>
            <strong>Hollow circles</strong> are numbers printed in papers. They come from other recipes, some
            from the best test epoch or from other heads, and are not ranked. The table that opens under the
            chart has each number as printed, its paper, and what to know before comparing.
          </li>
          <li>
            <strong>Entries of equal cost</strong> are drawn side by side, so that their bars do not overlap.
          </li>
        </ul>
        <p>
          Point at a mark, tap it or reach it with the arrow keys to read its values. Its entry is highlighted
          in the table, and a row of the table highlights its line. Drag across the chart to zoom; the buttons
          under it switch to errors or a linear axis, hide the intervals, and save the picture. The address
          keeps the view.
        </p>
        <p>
          Twelve entries are drawn in colour: those on the frontier, then the first rows of the page. All
          others are grey. A colour stands for a method and is the same on every page; entries of one method
          differ by mark and dashes. Every figure in the chart is also in a table: the rows of the board
          expand to their exits, and the frontier opens under the chart. Filters, order, columns, unit and the
          entries to compare are kept in the address, so that you can link to a view; the files under the
          table have the same view.
        </p>
        <p>
          <strong>Within a budget</strong> (1 M, 10 M, 100 M and 1 G MACs on every track) each entry is
          represented by its deepest exit that fits the budget, even where an earlier one is more accurate:
          which exit is best is not known before testing. The entries are then ranked{' '}
          <a className="link" href="#ranks">
            in the same way
          </a>
          .
        </p>
        <p>
          <strong>The cost of a target</strong> is that of the cheapest exit whose mean top-1 reaches it. It
          describes what was measured on these test images. Unless you set one, the target is the accuracy
          that half of the track's entries reach with their last exits, rounded down to a multiple of 5 points
          (of 1 point from 90&#8239;% on).
        </p>
      </div>
    </Section>
  )
}
