import { boardFile } from '../../export/board-file.ts'

export function GET(request: Request): Promise<Response> {
  return boardFile(request, 'parquet')
}
