export { createRandom, philox4x32, type Random } from './random.ts'
