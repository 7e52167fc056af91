import { Spike } from '../../../try/spike.tsx'
export default function Page() {
  return <Spike />
}
