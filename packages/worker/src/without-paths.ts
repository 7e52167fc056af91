/** Text for people elsewhere: absolute paths of this machine become their last part. */
export function withoutPaths(text: string): string {
  return text.replaceAll(/(?<![\w.:/])(?:[A-Za-z]:)?(?:[\\/][^\s'":;,()\\/]+)+[\\/]?/g, (path) => {
    const parts = path.split(/[\\/]/).filter((part) => part !== '')
    return parts.length > 1 ? `…/${parts.at(-1)}` : path
  })
}
