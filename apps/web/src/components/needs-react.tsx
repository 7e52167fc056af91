/**
 * Stands beside every component that runs in the browser by React. Kept pages without it are sent without React
 * (`bin/answers/without-react.js`).
 */
export function NeedsReact() {
  return <meta name="needs-react" content="true" />
}
