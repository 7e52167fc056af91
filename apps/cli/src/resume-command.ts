/** The command line that goes on where an interrupted one stopped: the same, with `--resume`. */
export function resumeCommand(args: readonly string[]): string {
  const resumesByItself = args[0] === 'quickstart' || args[0] === 'reproduce'
  const all = resumesByItself || args.includes('--resume') ? args : [...args, '--resume']
  return ['npx mate-bench', ...all.map(quote)].join(' ')
}

/** For a POSIX shell: plain words as they are, anything else in single quotes. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
